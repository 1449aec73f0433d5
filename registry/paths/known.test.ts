import type { BandwidthSummary, RouteSummary } from '@netring/contract/path';
import { describe, expect, test } from 'vitest';
import { lowestBandwidth, worstRoute } from './known.ts';

const pairs = [
  { source: 'a', target: 'x' },
  { source: 'a', target: 'y' },
  { source: 'a', target: 'z' },
];

const route = (at_ms: number, added_ms?: number): RouteSummary => ({
  hops: 3,
  reached: true,
  at_ms,
  ...(added_ms === undefined ? {} : { worst_step: { ttl: 2, ip: '192.0.2.1', added_ms } }),
});

describe('the route of a location path', () => {
  test.each<[string, Record<string, RouteSummary>, RouteSummary | undefined]>([
    ['is absent when none was traced', {}, undefined],
    ['is the one whose worst step adds most', { x: route(3, 5), y: route(1, 80), z: route(2) }, route(1, 80)],
    ['is the newest where nothing adds anything', { x: route(3), y: route(9) }, route(9)],
  ])('%s', (_, routes, expected) => {
    expect(worstRoute(pairs, { routeOf: (_source, target) => routes[target] })).toEqual(expected);
  });
});

describe('the bandwidth of a location path', () => {
  test.each<[string, Record<string, BandwidthSummary>, BandwidthSummary | undefined]>([
    ['is absent when none was tested', {}, undefined],
    [
      'is the lowest rate of each direction, as old as the older of the two',
      {
        x: { forward_mbps: 90, return_mbps: 20, at_ms: 5 },
        y: { forward_mbps: 40, return_mbps: 50, at_ms: 9 },
      },
      { forward_mbps: 40, return_mbps: 20, at_ms: 5 },
    ],
    [
      'knows one direction alone',
      { x: { at_ms: 5 }, z: { return_mbps: 7, at_ms: 8 } },
      { return_mbps: 7, at_ms: 8 },
    ],
  ])('%s', (_, rates, expected) => {
    expect(lowestBandwidth(pairs, { bandwidthOf: (_source, target) => rates[target] })).toEqual(expected);
  });
});
