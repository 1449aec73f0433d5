import { describe, expect, test } from 'vitest';
import type { LocationPath } from '@netring/contract/path';
import {
  exampleMember,
  exampleNowMs,
  exampleOverview,
  examplePath,
  mesh,
  threeLocations,
  unprovedPath,
} from '../example/example-ring.ts';
import { fromSnapshot } from '../live/picture.ts';
import { phraseText } from './phrase.ts';
import { troublesOf } from './trouble.ts';

const down = { state: 'down' } as const;
const check = { state: 'degraded', at_ms: exampleNowMs, p50_ms: 83 } as const;
const lossy = { ...check, kind: 'udp', sent: 120, lost: 12 } as const;
const slow = { ...check, kind: 'icmp', p50_ms: 163, usual_ms: 83, sent: 60, lost: 0 } as const;
const slowRoute = {
  ...{ hops: 8, reached: true, at_ms: exampleNowMs },
  grown_step: { ttl: 5, ip: '198.51.100.77', added_ms: 80 },
};

function told(paths: LocationPath[], members = [exampleMember('m1', 'us1')]): string[] {
  return troublesOf(fromSnapshot(exampleOverview(members, paths))).map(
    ({ severity, text }) => `${severity}: ${phraseText(text).replace(/[\u2068\u2069]/g, '')}`,
  );
}

describe('paths', () => {
  test('a ring that is well has no trouble', () => {
    expect(troublesOf(threeLocations())).toEqual([]);
  });

  test('since when a far end does not answer is not told by since when the path to it is up', () => {
    const silent = { answering: false, since_ms: exampleNowMs - 600_000 };
    const paths = mesh(['eu1', 'us1'], { 'us1 eu1': silent });
    const [trouble] = troublesOf(fromSnapshot(exampleOverview([exampleMember('m1', 'us1')], paths)));
    expect(trouble).toMatchObject({ severity: 'warn' });
    expect(trouble).not.toHaveProperty('sinceMs');
  });

  test.for([
    ['one', { 'us1 eu1': down }, ['bad: us1 → eu1 is down']],
    ['both ways', { 'us1 eu1': down, 'eu1 us1': down }, ['bad: eu1 ⇄ us1 is down both ways']],
    [
      'all of a location',
      { 'us1 eu1': down, 'eu1 us1': down, 'ap1 eu1': down, 'eu1 ap1': down },
      ['bad: eu1 is cut off: all 4 paths from and to it are down'],
    ],
    [
      'all to a location',
      { 'us1 eu1': down, 'ap1 eu1': down },
      ['bad: Nothing reaches eu1: all 2 paths to it are down'],
    ],
    ['degraded', { 'us1 eu1': { state: 'degraded' } }, ['warn: us1 → eu1 is degraded']],
    [
      'loss',
      { 'us1 eu1': { state: 'degraded', checks: [{ ...lossy, kind: 'tcp', sent: 12, lost: 1 }, lossy] } },
      ['warn: us1 → eu1 loses 10 %'],
    ],
    [
      'slower than usual',
      { 'us1 eu1': { state: 'degraded', checks: [slow] } },
      ['warn: us1 → eu1 takes 163 ms, usually 83 ms'],
    ],
    [
      'slower than usual by a hop',
      { 'us1 eu1': { state: 'degraded', checks: [slow], route: slowRoute } },
      ['warn: us1 → eu1 takes 163 ms, usually 83 ms, since hop 5 (198.51.100.77) adds 80 ms more'],
    ],
    [
      'not answering',
      { 'us1 eu1': { answering: false }, 'ap1 eu1': { answering: false } },
      ['warn: eu1 is reached but answers nobody as it should'],
    ],
    ['unknown', { 'us1 eu1': { state: 'unknown' } }, ['unknown: Nothing is known of us1 → eu1']],
    [
      'worst first',
      { 'ap1 us1': { state: 'unknown' }, 'ap1 eu1': { state: 'degraded' }, 'us1 eu1': down },
      ['bad: us1 → eu1 is down', 'warn: ap1 → eu1 is degraded', 'unknown: Nothing is known of ap1 → us1'],
    ],
  ] as [string, Record<string, Partial<LocationPath>>, string[]][])('%s', ([, but, says]) => {
    expect(told(mesh(['ap1', 'eu1', 'us1'], but))).toEqual(says);
  });

  test('everything down is one trouble', () => {
    const paths = mesh(['ap1', 'eu1', 'us1']).map((path) => ({ ...path, ...down }));
    expect(told(paths)).toEqual(['bad: All 6 paths are down']);
  });

  test('an unproved path is no trouble of its own', () => {
    expect(told([unprovedPath('us1', 'eu1')])).toEqual([]);
  });

  test('an external target called like a location is not mistaken for it', () => {
    const paths = [...mesh(['ap1', 'eu1', 'us1'], { 'us1 eu1': down, 'ap1 eu1': down })];
    paths.push(examplePath('us1', 'eu1', { target_kind: 'external' }));
    expect(told(paths)).toEqual(['bad: Nothing reaches eu1: all 2 paths to it are down']);
  });

  test('it carries since when, why and what to open', () => {
    const reasons = ['TCP connect timed out twice'];
    const [first] = troublesOf(
      threeLocations({ 'us1 eu1': { ...down, reasons, since_ms: exampleNowMs - 60_000 } }),
    );
    expect(first).toMatchObject({
      sinceMs: exampleNowMs - 60_000,
      why: reasons[0],
      pair: { source: 'us1', kind: 'member', target: 'eu1' },
    });
  });
});

describe('members', () => {
  test.for([
    [{ status: 'online' }, []],
    [{ status: 'deregistered', proved: false }, []],
    [{ status: 'stale' }, ['warn: m1 in us1 is stale: its heartbeats stay away']],
    [{ status: 'offline', peers: 'unreachable' }, ['bad: m1 in us1 is offline']],
    [{ status: 'offline', peers: 'unknown' }, ['bad: m1 in us1 is offline']],
    [
      { status: 'offline', peers: 'reachable' },
      ['warn: m1 in us1 is offline but reachable by its peers: it has lost its path to the registry'],
    ],
    [
      { proved: false },
      ['unknown: m1 in us1 is unproved: its address has not answered yet, so nobody probes it'],
    ],
  ] as const)('%j', ([but, says]) => {
    expect(told([], [exampleMember('m1', 'us1', but)])).toEqual(says);
  });

  test('many in the same trouble are told together', () => {
    const members = ['a', 'b', 'c', 'd'].map((id) => exampleMember(id, 'us1', { status: 'stale' }));
    expect(told([], members)).toEqual([
      'warn: 4 members are stale: their heartbeats stay away (a, b and 2 more)',
    ]);
  });
});
