import { expect, test } from 'vitest';
import { locationBaselines } from './location-baselines.ts';

const usual = (median_ms: number) => [
  { kind: 'tcp' as const, median_ms, spread_ms: median_ms / 10, minutes: 60 },
];
const locationOf = (id: string) => ({ a: 'us1', b: 'us1', c: 'eu1' })[id];

test('member paths of two locations together, external targets by their names, who is gone left out', () => {
  const paths = [
    { source: 'a', target: 'c', baselines: usual(80) },
    { source: 'b', target: 'c', baselines: usual(90) },
    { source: 'b', target: 'external:c', baselines: usual(7) },
    { source: 'a', target: 'gone', baselines: usual(1) },
  ];
  const between = { source: 'us1', kind: 'tcp' };
  expect(locationBaselines(paths, locationOf)).toEqual([
    { ...between, target: 'eu1', target_kind: 'member', median_ms: 90, spread_ms: 9 },
    { ...between, target: 'c', target_kind: 'external', median_ms: 7, spread_ms: 0.7 },
  ]);
});
