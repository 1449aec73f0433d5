import { z } from 'zod';

// Control characters, line separators and bidirectional overrides: text that could rewrite a log line or a terminal.
// eslint-disable-next-line no-control-regex -- naming them is the point of the expression
const controls = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;

/** A short text from outside: 1 to `max` characters, no control characters, no surrounding white space. */
export function shortText(max: number): z.ZodType<string> {
  return z
    .string()
    .min(1, 'must not be empty')
    .max(max, `must be at most ${max} characters`)
    .refine((text) => !controls.test(text), 'must not contain control characters')
    .refine((text) => text.trim() === text, 'must not begin or end with white space');
}

/** Identifies a member, and its series, across restarts. */
export const instanceId = shortText(128);

/** A datacenter or site, such as `us1`. */
export const locationName = shortText(64);

/** A TCP or UDP port, 1–65535, as a number. */
export const port = z
  .number('must be a whole number from 1 to 65535')
  .int('must be a whole number from 1 to 65535')
  .min(1, 'must be a whole number from 1 to 65535')
  .max(65535, 'must be a whole number from 1 to 65535');

/** An IPv4 or IPv6 address in text form. */
export const ipAddress = z.union([z.ipv4(), z.ipv6()], 'must be an IPv4 or IPv6 address');
