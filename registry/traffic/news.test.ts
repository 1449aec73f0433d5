import assert from 'node:assert/strict';
import { it } from 'vitest';
import type { Edge } from './drawing/index.ts';
import { step } from './news.ts';

const edge = (source: string, target: string, lastSeenMs: number) =>
  ({
    view: {
      id: `${source}>${target}`,
      source_service: source,
      target_service: target,
      protocol: 'http',
      seen_by: [{ member: `${source}-host`, evidence: [] }],
    },
    firstSeenMs: lastSeenMs,
    lastSeenMs,
  }) as unknown as Edge;

const minute = 60_000;

it('learns what is there first, then tells what is new, and what was not seen for a quarter of an hour', () => {
  const first = step(undefined, [edge('a', 'b', 0)], 0);
  assert.deepEqual(first.known.events, []);
  const same = step(first.known, [edge('a', 'b', 5 * minute)], 5 * minute);
  assert.equal(same.isNews, false);
  const more = step(same.known, [edge('a', 'b', 6 * minute), edge('b', 'c', 6 * minute)], 6 * minute);
  assert.deepEqual(
    more.known.events.map(({ change, id }) => `${change} ${id}`),
    ['new b>c', 'new c'],
  );
  let known = more.known;
  for (let at = 7; at < 22; at++) known = step(known, [edge('a', 'b', at * minute)], at * minute).known;
  const fewer = step(known, [edge('a', 'b', 22 * minute)], 22 * minute);
  assert.deepEqual(
    fewer.known.events.slice(0, 2).map(({ change, id }) => `${change} ${id}`),
    ['lost c', 'lost b>c'],
  );
  assert.equal(fewer.known.dependencies['a>b']?.firstMs, 0);
});

it('calls nothing lost that was not seen while no registry looked', () => {
  const before = step(undefined, [edge('a', 'b', 0), edge('b', 'c', 0)], 0);
  const back = 60 * minute;
  let after = step(before.known, [], back);
  assert.deepEqual(after.known.events, []);
  for (let at = 1; at <= 16; at++)
    after = step(after.known, [edge('a', 'b', back + at * minute)], back + at * minute);
  assert.deepEqual(
    after.known.events.map(({ change, id }) => `${change} ${id}`),
    ['lost c', 'lost b>c'],
  );
});

it('calls nothing lost that only a silent member could see, and forgets it after a day', () => {
  const before = step(undefined, [edge('a', 'b', 0), edge('b', 'c', 0)], 0);
  const isLive = (member: string) => member !== 'b-host';
  let after = before;
  for (let at = 1; at <= 20; at++) after = step(after.known, [], at * minute, isLive);
  assert.deepEqual(
    after.known.events.map(({ change, id }) => `${change} ${id}`),
    ['lost a', 'lost a>b'],
  );
  assert.deepEqual(Object.keys(after.known.dependencies), ['b>c']);
  for (let at = 21; at <= 1500; at++) after = step(after.known, [], at * minute, isLive);
  assert.deepEqual(Object.keys(after.known.dependencies), []);
  assert.equal(after.known.events.length, 2);
});

it('calls nothing lost that may be beyond the bound of the picture', () => {
  const first = step(undefined, [edge('a', 'b', 0), edge('b', 'c', 0)], 0);
  let known = first.known;
  for (let at = 1; at < 40; at++)
    known = step(known, [edge('a', 'b', at * minute)], at * minute, () => true, false).known;
  assert.deepEqual(known.events, []);
  assert.ok(known.dependencies['b>c']);
});

it('keeps room for services when strangers come in thousands', () => {
  let known = step(undefined, [edge('a', 'b', 0)], 0).known;
  known = step(known, [edge('a', 'b', 3 * minute), edge('b', 'c', 3 * minute)], 3 * minute).known;
  const strangers = Array.from({ length: 2_000 }, (_, n) => edge(`external:10.0.${n}`, 'a', 4 * minute));
  known = step(
    known,
    [edge('a', 'b', 4 * minute), edge('b', 'c', 4 * minute), ...strangers],
    4 * minute,
  ).known;
  const told = known.events.map(({ change, id }) => `${change} ${id}`);
  assert.ok(told.includes('new b>c') && told.includes('new c'));
  assert.ok(told.length <= 500);
});
