import { expect, test } from 'vitest';
import { createTurns } from './udp-turns.ts';

const namesOf = (due: readonly { one: string }[]) => due.map(({ one }) => one);

test('who is due earliest is asked first, whoever was added first', () => {
  const turns = createTurns<string>(2);
  turns.add('c', 30);
  turns.add('a', 10);
  turns.add('b', 20);
  expect(namesOf(turns.take(20))).toEqual(['a', 'b']);
  expect(namesOf(turns.take(29))).toEqual([]);
  expect(turns.take(1000)).toEqual([{ one: 'c', dueMs: 30 }]);
  expect(turns.take(1000)).toEqual([]);
});

test('one alone is nobody woken up for; two are, when the second is due', () => {
  const turns = createTurns<string>(2);
  expect(turns.dueMs()).toBe(Infinity);
  turns.add('b', 20);
  expect(turns.dueMs()).toBe(Infinity);
  turns.add('a', 10);
  turns.add('c', 30);
  expect(turns.dueMs()).toBe(20);
});

test('who is taken out is not asked', () => {
  const turns = createTurns<string>(2);
  turns.add('a', 10);
  turns.add('b', 20);
  turns.remove('a');
  turns.remove('nobody');
  expect(namesOf(turns.take(1000))).toEqual(['b']);
});
