import { z } from 'zod';

/** One thing that can be configured: where it may be written, what is allowed, and what it is without being written. */
export interface Setting<T> {
  /** Dotted path in the YAML file, `member.intervals.check_interval`. */
  yaml: string;
  /** Environment variable, `NETRING_CHECK_INTERVAL`. Absent for keys that only a file can carry. */
  env?: string;
  /** Old spelling that is still read, with a warning. */
  oldEnv?: string;
  /** Checks and converts what was written: text from the environment, anything from YAML. */
  schema: z.ZodType<T>;
  default: T;
  /** What it does and why the default is what it is: shown in help and in the example files. */
  about: string;
  /** Masked wherever configuration is printed. */
  secret?: boolean;
}

/** The settings of one service, by the name its code uses. */
export type SettingTable = Record<string, Setting<unknown>>;
export type Settings<T extends SettingTable> = { [K in keyof T]: T[K]['default'] };

/** Keeps the type of each setting while checking its shape. */
export function setting<T>(one: Setting<T>): Setting<T> {
  return one;
}

function fromText(pattern: RegExp, convert: (text: string) => unknown) {
  return (value: unknown) =>
    typeof value === 'string' && pattern.test(value.trim()) ? convert(value.trim()) : value;
}

/** A number, also as text, within bounds that the message names. */
export function number(min: number, max: number, what: string): z.ZodType<number> {
  const allowed = `must be ${what} from ${min} to ${max}`;
  const convert = fromText(/^-?\d+(\.\d+)?$/, Number);
  return z.preprocess(convert, z.number(allowed).min(min, allowed).max(max, allowed));
}

/** A whole number, also as text. */
export function whole(min: number, max: number, what = 'a whole number'): z.ZodType<number> {
  const allowed = `must be ${what} from ${min} to ${max}`;
  const convert = fromText(/^-?\d+$/, Number);
  return z.preprocess(convert, z.number(allowed).int(allowed).min(min, allowed).max(max, allowed));
}

/** `true false 1 0 yes no`. */
export function flag(): z.ZodType<boolean> {
  const convert = fromText(/^(true|false|1|0|yes|no)$/i, (text) => /^(true|1|yes)$/i.test(text));
  return z.preprocess(
    (value) => (value === 1 || value === 0 ? value === 1 : convert(value)),
    z.boolean('must be true or false'),
  );
}

/** A list; as text, separated by commas. */
export function list<T>(item: z.ZodType<T>): z.ZodType<T[]> {
  const split = (value: unknown) =>
    typeof value === 'string'
      ? value
          .split(',')
          .map((text) => text.trim())
          .filter((text) => text !== '')
      : value;
  return z.preprocess(split, z.array(item, 'must be a list'));
}

/** Text, trimmed, that may be absent. */
export function optionalText(max: number): z.ZodType<string | undefined> {
  return z
    .string('must be text')
    .trim()
    .max(max, `must be at most ${max} characters`)
    .transform((text) => (text === '' ? undefined : text))
    .optional();
}

/** One of several words. */
export function oneOf<const T extends readonly [string, ...string[]]>(words: T): z.ZodType<T[number]> {
  return z.enum(words, `must be one of: ${words.join(', ')}`);
}
