import type { Task } from '@netring/contract/task';
import { expect, test } from 'vitest';
import { createTaskDesk } from './tasks.ts';

const trace = (id: string, deadline_ms = 5_000): Task => ({
  id,
  kind: 'traceroute',
  target: 'eu1-a',
  deadline_ms,
});

test('a task is done once, by its kind, and not after its time', () => {
  const done: [string, number][] = [];
  const desk = createTaskDesk({ traceroute: ({ id }, untilMs) => done.push([id, untilMs]) }, () => 1_000);
  desk.take([trace('a'), trace('late', 0), { ...trace('other'), kind: 'bandwidth' }]);
  desk.take([trace('a'), trace('b', 100)]);
  expect(done).toEqual([
    ['a', 6_000],
    ['b', 1_100],
  ]);
});
