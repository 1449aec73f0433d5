import type { AlertSubject } from '@netring/contract/alert';
import type { BandwidthSummary, LocationPath } from '@netring/contract/path';
import { expect, test } from 'vitest';
import { look } from './look.ts';
import type { Seen } from './seen.ts';

type Rates = Omit<BandwidthSummary, 'at_ms'>;

function seenOf(paths: Partial<LocationPath>[]): Seen {
  return {
    ...{ nowMs: 1, members: [], routeChanges: [], edges: [], graphEvents: [] },
    locationPaths: paths as LocationPath[],
    memberPathsOf: () => [],
    baselinesOf: () => undefined,
  };
}

function tested(
  way: string,
  rates: Rates | undefined,
  state: LocationPath['state'] = 'ok',
): Partial<LocationPath> {
  const [source = '', target = ''] = way.split('>');
  return {
    source,
    target,
    target_kind: 'member',
    state,
    paths: counts,
    ...(rates && { bandwidth: { ...rates, at_ms: 1 } }),
  };
}

const counts = { ok: 1, degraded: 0, down: 0, unknown: 0, unproved: 0 };
const us1ToEu1: AlertSubject = { source_location: 'us1', target_location: 'eu1' };
const inconclusive = { untold: { reason: 'the cap was reached' } };

test.each<[about: string, expected: string, paths: Partial<LocationPath>[]]>([
  ['tested well', 'good', [tested('us1>eu1', { forward_mbps: 500 })]],
  [
    'tested well by its far end',
    'good',
    [tested('us1>eu1', inconclusive), tested('eu1>us1', { return_mbps: 500 })],
  ],
  [
    'only the way back is tested',
    'unknown',
    [tested('us1>eu1', { return_mbps: 500 }), tested('eu1>us1', inconclusive)],
  ],
  [
    'only the way back is tested, by the far end',
    'unknown',
    [tested('us1>eu1', undefined), tested('eu1>us1', { forward_mbps: 500 })],
  ],
  ['nothing is heard of it', 'unknown', [tested('us1>eu1', { forward_mbps: 500 }, 'unknown')]],
  ['it is no more', 'gone', [tested('us1>ap1', { forward_mbps: 500 })]],
])('a way that carried too little, %s: %s', (_, expected, paths) => {
  expect(look(seenOf(paths), new Map()).standing('low_bandwidth', us1ToEu1)).toBe(expected);
});
