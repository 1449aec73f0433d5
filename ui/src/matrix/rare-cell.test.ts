import { expect, test } from 'vitest';
import type { LocationPath } from '@netring/contract/path';
import { exampleNowMs as now, examplePath, unprovedPath } from '../example/example-ring.ts';
import { cellOf, type View } from './cell.ts';

function shown(path: LocationPath, view: View, alarm?: string): string {
  const { state, value, unit, note } = cellOf(path, view, now, alarm);
  return [state, `${value} ${unit}`.trim(), note].join(' | ');
}

const at_ms = now - 5 * 60_000;
const bandwidth = { forward_mbps: 940, return_mbps: 94.2, at_ms };
const route = {
  hops: 8,
  reached: true,
  path_id: 'r1',
  worst_step: { ttl: 5, ip: '10.0.5.1', added_ms: 80.3 },
  at_ms,
};
const { worst_step: _worst, ...clean } = route;

test.for([
  ['never tested', {}, 'bandwidth', undefined, 'unmeasured | – | '],
  ['the lower of both', { bandwidth }, 'bandwidth', undefined, 'measured | 94 Mbit/s | 5 min'],
  [
    'one direction only',
    { bandwidth: { forward_mbps: 12_000, at_ms: now } },
    'bandwidth',
    undefined,
    'measured | 12 Gbit/s | forward · <1 min',
  ],
  [
    'an end was the limit',
    { bandwidth: { at_ms, untold: { at_least_mbps: 5_200, reason: 'limited by the sender' } } },
    'bandwidth',
    undefined,
    'measured | ≥\u00a05.2 Gbit/s | not the path · 5 min',
  ],
  [
    'inconclusive',
    { bandwidth: { at_ms, untold: { reason: 'inconclusive: the byte budget ended it inside slow start' } } },
    'bandwidth',
    undefined,
    'unmeasured | no rate | inconclusive · 5 min',
  ],
  [
    'straight there',
    { route: { ...route, hops: 1 } },
    'traceroute',
    undefined,
    'measured | 1 hop | straight · 5 min',
  ],
  ['an alert is a verdict', { bandwidth }, 'bandwidth', 'too low', 'degraded | 94 Mbit/s | 5 min'],
  ['down', { bandwidth, state: 'down' }, 'bandwidth', undefined, 'down | down | last 94 Mbit/s · 5 min'],
  ['worst step', { route }, 'traceroute', undefined, 'measured | 8 hops | +80 ms at hop 5 · 5 min'],
  ['no worst step', { route: clean }, 'traceroute', undefined, 'measured | 8 hops | 5 min'],
  [
    'end silent',
    { route: { ...clean, reached: false } },
    'traceroute',
    undefined,
    'measured | 8 hops | end silent · 5 min',
  ],
  ['never traced', { state: 'unknown' }, 'traceroute', undefined, 'unknown | unknown | '],
] as [string, Partial<LocationPath>, View, string | undefined, string][])(
  '%s',
  ([, but, view, alarm, says]) => {
    expect(shown(examplePath('a', 'b', but), view, alarm)).toBe(says);
  },
);

test('unproved is unproved in every view', () => {
  expect(shown(unprovedPath('a', 'b'), 'bandwidth')).toBe('unproved | unproved | ');
});

test('the label says why', () => {
  const label = (but: Partial<LocationPath>, view: View, alarm?: string): string =>
    cellOf(examplePath('us1', 'eu1', but), view, now, alarm).label.replace(/[\u2068\u2069]/g, '');
  expect(label({ bandwidth }, 'bandwidth', 'Only 94 of 400 Mbit/s')).toBe(
    'us1 to eu1: forward 940 Mbit/s, return 94 Mbit/s, 5 min old. Only 94 of 400 Mbit/s',
  );
  expect(label({ route }, 'traceroute')).toBe(
    'us1 to eu1: 8 hops, worst step hop 5, 10.0.5.1, which adds 80 ms, 5 min old',
  );
  expect(label({}, 'traceroute')).toBe('us1 to eu1: no trace yet');
});

test('its age has no seconds, and it knows when it changes', () => {
  const cell = (atMs: number): number =>
    cellOf(examplePath('a', 'b', { route: { ...route, at_ms: atMs } }), 'traceroute', now).changesAtMs;
  expect(cell(now - 10_000)).toBe(now + 50_000);
  expect(cell(now - 90_000)).toBe(now + 30_000);
});
