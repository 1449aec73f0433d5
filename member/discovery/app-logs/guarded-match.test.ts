import { expect, test } from 'vitest';
import { guardedMatch } from './guarded-match.ts';

test('lines are matched in their order', () => {
  const match = guardedMatch(/^(?<status>\d+)$/u);
  const found = match(['200', 'x', '404']);
  expect(found.kind === 'done' && found.groups.map((one) => one?.status)).toEqual(['200', undefined, '404']);
  expect(match([])).toEqual({ kind: 'done', groups: [] });
});

test('a pattern that tries every way is interrupted, and the line named', () => {
  const match = guardedMatch(/^(?<path>(?:a+)+)$/u);
  const bad = `${'a'.repeat(60)}!`;
  expect(match(['aaa', bad, 'aaa'])).toMatchObject({ kind: 'too_slow', line: bad });
  expect(match(['aaa'])).toMatchObject({ kind: 'done' });
});
