import { describe, expect, it } from 'vitest';
import { isSameRoute, mergedRoute, routeId, routeOf, type Route } from './route.ts';

/** `a b+c * d`: routers by distance, `*` for a silent hop. */
const route = (text: string): Route =>
  text.split(' ').map((hop) => (hop === '*' ? [] : hop.split('+').sort()));

describe('whether two traces can have gone the same way', () => {
  it.each([
    ['a b c', 'a b c', true],
    ['a * c', 'a b c', true],
    ['* * *', 'a b c', true],
    ['a b+d c', 'a d c', true],
    ['a b+d c', 'a e c', false],
    ['a b c', 'a d c', false],
    ['a b c', 'a b', false],
    ['a b c', 'a b d c', false],
  ])('%s and %s: %s', (a, b, same) => {
    expect(isSameRoute(route(a), route(b))).toBe(same);
    expect(isSameRoute(route(b), route(a))).toBe(same);
  });
});

it('what was silent in one trace is learnt from another', () => {
  expect(mergedRoute(route('a * c'), route('a b d'))).toEqual(route('a b c+d'));
});

it('equal routes have equal names, others other ones', () => {
  const names = ['a b c', 'a * c', 'a b+d c', 'a b', 'b a c'].map((text) => routeId(route(text)));
  expect(new Set(names).size).toBe(names.length);
  expect(routeId(route('a b+d c'))).toBe(routeId(route('a d+b c')));
  expect(names[0]).toMatch(/^[0-9a-f]{16}$/);
});

it('a route ends before its target, and is none where the target did not answer', () => {
  const answer = (ip: string) => ({ ip, received: 1, min_ms: 1, median_ms: 1, max_ms: 1 });
  const hops = [
    { ttl: 1, sent: 3, answers: [answer('10.0.0.1')] },
    { ttl: 2, sent: 3, answers: [] },
    { ttl: 3, sent: 3, answers: [answer('10.9.0.1')] },
  ];
  expect(routeOf({ reached: true, hops })).toEqual([['10.0.0.1'], []]);
  expect(routeOf({ reached: false, hops })).toBeUndefined();
});
