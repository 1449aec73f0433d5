import type { LocationPath, MemberPath } from '@netring/contract/path';
import { describe, expect, it } from 'vitest';
import type { EndFacts } from '../facts.ts';
import { lay, othersOnHop, sharedHops, type MeasuredPaths } from './index.ts';

const nowMs = 1_700_000_060_000;
const window = { duration_ms: 60_000, checks: 12, failed: 0, voided: 0, sent: 60, lost: 0 };

function memberPath(source: string, target: string, state: MemberPath['state'], rtt = 10): MemberPath {
  return {
    source,
    source_location: 'us1',
    target,
    target_location: 'eu1',
    target_kind: 'member',
    state,
    reasons: state === 'ok' ? [] : [`${source} to ${target} is ${state}`],
    answering: true,
    proved: true,
    ...(state === 'unknown' ? {} : { at_ms: nowMs - 3_000 }),
    checks: [
      {
        kind: 'icmp',
        outcome: 'ok',
        at_ms: nowMs - 3_000,
        state,
        latency_ms: rtt + 1,
        window: { ...window, p50_ms: rtt },
      },
    ],
  };
}

const between: LocationPath = {
  source: 'us1',
  target: 'eu1',
  target_kind: 'member',
  state: 'ok',
  reasons: [],
  answering: true,
  at_ms: nowMs - 5_000,
  paths: { ok: 4, degraded: 0, down: 0, unknown: 0, unproved: 0 },
  checks: [{ kind: 'icmp', state: 'ok', p50_ms: 12, sent: 100, lost: 0, at_ms: nowMs - 5_000 }],
};

function measured(paths: MemberPath[], locations: LocationPath[] = []): MeasuredPaths {
  return {
    memberPath: (source, target) => paths.find((one) => one.source === source && one.target === target),
    locationPath: (source, target) => locations.find((one) => one.source === source && one.target === target),
    tracesOf: () => ({}),
  };
}

function end(name: string, location: string | undefined, ...members: string[]): EndFacts {
  const hosts = members.map((member) => ({ member, name: member, address: `${member}.example` }));
  return { id: name, name, kind: 'service', ...(location === undefined ? {} : { location }), hosts };
}

const orders = end('orders', 'us1', 'a');
const payments = end('payments', 'eu1', 'b');
const pair = { source: 'a', target: 'b' };

describe('the path under a dependency', () => {
  it('is that between the very machines, with its age', () => {
    const { under } = lay(
      { source: orders, target: payments, memberPairs: [pair] },
      measured([memberPath('a', 'b', 'ok')], [between]),
      nowMs,
    );
    expect(under).toMatchObject({
      kind: 'member',
      source: 'a',
      target: 'b',
      state: 'ok',
      rtt_ms: 10,
      loss: 0,
      at_ms: nowMs - 3_000,
    });
  });
  it('tells of the newest test and trace when those were, not when the newest check was', () => {
    const [bandwidth, route] = [
      { forward_mbps: 94, at_ms: nowMs - 700_000 },
      {
        hops: 4,
        reached: true,
        worst_step: { ttl: 3, ip: '192.0.2.1', added_ms: 20 },
        at_ms: nowMs - 200_000,
      },
    ];
    const underOf = (more: Partial<MemberPath>) =>
      lay(
        { source: orders, target: payments, memberPairs: [pair] },
        measured([{ ...memberPath('a', 'b', 'ok'), ...more }]),
        nowMs,
      ).under;
    expect(underOf({ bandwidth, route })).toMatchObject({
      at_ms: nowMs - 3_000,
      forward_mbps: 94,
      bandwidth_at_ms: nowMs - 700_000,
      traced_at_ms: nowMs - 200_000,
    });
    const without = underOf({ bandwidth: { return_mbps: 9, at_ms: 1 }, route: { ...route, hops: 1 } });
    expect([without.bandwidth_at_ms, without.traced_at_ms]).toEqual([undefined, undefined]);
  });
  it('has the newest round trip of a kind that has one, and when that was', () => {
    const path = memberPath('a', 'b', 'ok');
    const [icmp] = path.checks;
    if (icmp === undefined) throw new Error('no check');
    const { latency_ms: _, ...lost } = icmp;
    const laidOf = (checks: typeof path.checks) =>
      lay(
        { source: orders, target: payments, memberPairs: [pair] },
        measured([{ ...path, checks }], [between]),
        nowMs,
      );
    expect(laidOf([icmp])).toMatchObject({ newestMs: 11, newestAtMs: nowMs - 3_000 });
    expect(laidOf([lost]).newestMs).toBeUndefined();
    expect(laidOf([lost, { ...icmp, kind: 'tcp', latency_ms: 12 }]).newestMs).toBe(12);
  });
  it('is that between their locations where the machines are not measured', () => {
    const facts = { source: orders, target: payments, memberPairs: [pair] };
    expect(lay(facts, measured([memberPath('a', 'b', 'unknown')], [between]), nowMs).under).toMatchObject({
      kind: 'location',
      state: 'ok',
      rtt_ms: 12,
    });
    expect(lay({ ...facts, memberPairs: [] }, measured([], [between]), nowMs).under.kind).toBe('location');
  });
  it('is unknown, never green, without a measurement, and says why', () => {
    const facts = { source: orders, target: payments, memberPairs: [pair] };
    expect(lay(facts, measured([]), nowMs).under).toEqual({
      kind: 'none',
      state: 'unknown',
      reasons: ['nobody has measured the path from orders to payments lately'],
    });
    const silent = lay(facts, measured([memberPath('a', 'b', 'unknown')]), nowMs).under;
    expect(silent).toMatchObject({ kind: 'none', state: 'unknown' });
    expect(silent.reasons).toEqual([
      'nobody has measured the path from orders to payments lately: a to b is unknown',
    ]);
    const outside = lay({ ...facts, target: end('stripe', undefined), memberPairs: [] }, measured([]), nowMs);
    expect(outside.under.reasons[0]).toMatch(/^stripe is outside every location/);
  });
  it('is local on one machine, and no path at all', () => {
    const facts = {
      source: orders,
      target: end('cache', 'us1', 'a'),
      memberPairs: [{ source: 'a', target: 'a' }],
    };
    expect(lay(facts, measured([]), nowMs).under).toMatchObject({ kind: 'local', state: 'unknown' });
  });
  it('is the worst of those that carry it, and says so', () => {
    const facts = { source: orders, target: payments, memberPairs: [pair, { source: 'a', target: 'c' }] };
    const paths = measured([memberPath('a', 'b', 'ok'), memberPath('a', 'c', 'degraded')]);
    const { under } = lay(facts, paths, nowMs);
    expect(under).toMatchObject({ state: 'degraded', target: 'c' });
    expect(under.reasons).toEqual([
      'a to c is degraded',
      '2 pairs of machines carry it; the worst of their paths is shown',
    ]);
  });
  it('is not green where one of those that carry it is not measured', () => {
    const facts = { source: orders, target: payments, memberPairs: [pair, { source: 'a', target: 'c' }] };
    const { under } = lay(facts, measured([memberPath('a', 'b', 'ok')]), nowMs);
    expect(under.state).toBe('unknown');
    expect(under.reasons.at(-1)).toBe('1 of these 2 pairs are not measured');
  });
  it('does not take one private address at two sites for one machine', () => {
    const at = (name: string, location: string): EndFacts => ({
      ...end(name, location),
      hosts: [{ name: 'x', address: '10.0.0.2' }],
    });
    const { under } = lay(
      { source: at('a', 'us1'), target: at('b', 'eu1'), memberPairs: [] },
      measured([], [between]),
      nowMs,
    );
    expect(under.kind).toBe('location');
  });
});

describe('who else crosses a hop', () => {
  const crossing = (id: string, ip?: string) => ({
    id,
    path: {
      kind: 'member' as const,
      state: 'ok' as const,
      reasons: [],
      ...(ip === undefined ? {} : { worst_step: { ttl: 3, ip, added_ms: 20 } }),
    },
  });
  const all = [
    crossing('one', '10.0.0.1'),
    crossing('two', '10.0.0.1'),
    crossing('three', '10.0.0.2'),
    crossing('four'),
  ];
  it('are the others whose worst step is the same router', () => {
    expect(othersOnHop(all[0]!, all)).toEqual(['two']);
    expect(othersOnHop(all[2]!, all)).toEqual([]);
    expect(othersOnHop(all[3]!, all)).toEqual([]);
  });
  it('are listed by hop, the most shared first', () => {
    expect(sharedHops(all)).toEqual([{ hop_ip: '10.0.0.1', dependencies: ['one', 'two'] }]);
  });
});
