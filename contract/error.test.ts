import { expect, test } from 'vitest';
import { z } from 'zod';
import { describeInvalid, errorAnswer } from './error.ts';
import { registerRequest } from './member.ts';

const member = { location: 'us1', ip: '127.0.0.1', port: 8757 };

test.each<[string, unknown, string, string | undefined]>([
  ['a field', { ...member, port: '80' }, 'port: must be a whole number from 1 to 65535', 'port'],
  ['a nested field', { ...member, external_targets: [{ name: '' }] }, '', 'external_targets.0.name'],
  ['the whole', 'secret-value', '', undefined],
])('what is wrong with %s is told with its path', (_, body, message, field) => {
  const parsed = registerRequest.safeParse(body);
  if (parsed.success) throw new Error('was taken');
  const answer = describeInvalid(parsed.error);
  expect(errorAnswer.parse(answer)).toEqual(answer);
  expect(answer.error.code).toBe('invalid_field');
  expect(answer.error.message).toContain(message);
  expect(answer.error.field).toBe(field);
});

test.each([
  ['a value', { ...member, location: 'x'.repeat(65) }],
  ['a type', { ...member, location: ['secret-value'] }],
  ['an enum', { ...member, external_targets: [{ name: 'n', kind: 'secret-value', address: 'a:1' }] }],
  ['an address', { ...member, ip: 'secret-value' }],
  ['an id', { ...member, instance_id: 'secret-value\n' }],
])('a rejected %s is never echoed', (_, body) => {
  const parsed = registerRequest.safeParse(body);
  if (parsed.success) throw new Error('was taken');
  expect(JSON.stringify(describeInvalid(parsed.error))).not.toMatch(/secret-value|xxxx/);
});

test('an error without an issue is told all the same', () => {
  expect(describeInvalid(new z.ZodError([]))).toEqual({
    error: { code: 'invalid_field', message: 'not understood' },
  });
});
