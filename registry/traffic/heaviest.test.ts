import assert from 'node:assert/strict';
import { it } from 'vitest';
import { orderOf, weigh, type Weights } from './heaviest.ts';

const minute = 60_000;
const pair = (name: string, requests: number) => {
  const [source = '', target = ''] = name.split('>');
  return { source, target, requests, bytes: 0, measured_requests: 0 };
};
const names = (weights: Weights) => orderOf(weights).map(({ source, target }) => `${source}>${target}`);

it('puts the heaviest first, and tells apart only what differs by much', () => {
  const first = weigh(new Map(), [pair('us1>eu1', 5), pair('us1>ap1', 5000), pair('eu1>us1', 70)], 0);
  assert.deepEqual(names(first), ['us1>ap1', 'eu1>us1', 'us1>eu1']);
  // About the same: by name, so that the order does not change with every minute.
  assert.deepEqual(names(weigh(new Map(), [pair('b>c', 900), pair('a>c', 700)], 0)), ['a>c', 'b>c']);
});

it('does not swing where the weight lies near a bound, and follows what really changes', () => {
  let weights = weigh(new Map(), [pair('a>b', 300), pair('c>d', 250)], 0);
  assert.deepEqual(names(weights), ['a>b', 'c>d']);
  for (let at = 1; at < 30; at++) {
    weights = weigh(weights, [pair('a>b', at % 2 ? 240 : 280), pair('c>d', at % 2 ? 280 : 240)], at * minute);
    assert.deepEqual(names(weights), ['a>b', 'c>d']);
  }
  weights = weigh(weights, [pair('a>b', 240), pair('c>d', 2000)], 30 * minute);
  assert.deepEqual(names(weights), ['c>d', 'a>b']);
});

it('remembers a pair without traffic for a quarter of an hour, and a hundred pairs', () => {
  const many = Array.from({ length: 150 }, (_, at) => pair(`s${at}>t`, 10 + at * at));
  let weights = weigh(new Map(), many, 0);
  assert.equal(orderOf(weights).length, 100);
  weights = weigh(weights, [pair('s1>t', 11)], 14 * minute);
  assert.equal(weights.size, 150);
  assert.deepEqual(names(weigh(weights, [], 15 * minute)), ['s1>t']);
});
