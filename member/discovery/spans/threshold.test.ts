import { expect, it } from 'vitest';
import { sampledWeight } from './threshold.ts';

it.each([
  ['', 1],
  ['ot=th:0', 1],
  ['ot=th:8', 2],
  ['ot=th:c', 4],
  ['ot=th:fd70a3d70a3d71', 100],
  ['congo=t61rcWkgMzE,ot=rv:6e6d1a75832a2f;th:8', 2],
  [' ot=th:8;p:3 ,x=y', 2],
  ['ot=p:8', 1],
  ['other=th:8', 1],
])('tracestate %s: a span stands for %d', (traceState, weight) => {
  expect(sampledWeight(traceState)).toBeCloseTo(weight, 6);
});

it.each(['ot=th:', 'ot=th:g', 'ot=th:C', 'ot=th:000000000000000', 'ot=th:ffffffffffffff'])(
  '%s cannot be read',
  (traceState) => {
    expect(sampledWeight(traceState)).toBeUndefined();
  },
);
