import { expect, test } from 'vitest';
import { newSession, sameSecret, sessionHash } from './sessions.ts';

test('a session is 192 random bits in hex, and never the same', () => {
  const sessions = Array.from({ length: 100 }, newSession);
  for (const one of sessions) expect(one).toMatch(/^[0-9a-f]{48}$/);
  expect(new Set(sessions).size).toBe(100);
});

test('what is kept of a session does not tell it', () => {
  // SHA-256 of "abc", FIPS 180-2, appendix B.1.
  expect(sessionHash('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

test.each([
  ['', '', true],
  ['a', 'a', true],
  ['a', 'b', false],
  ['a', 'ab', false],
  ['', 'a', false],
])('secrets %j and %j are the same: %s', (given, expected, same) => {
  expect(sameSecret(given, expected)).toBe(same);
});
