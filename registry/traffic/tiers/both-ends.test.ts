import type { Inventory } from '@netring/contract/inventory';
import type { Evidence } from '@netring/topology';
import { expect, it } from 'vitest';
import { indexClaims } from '../identity/index.ts';
import { createResolver } from '../join/index.ts';
import type { StoredState } from '../states/index.ts';
import { countsOf, emptyCell, gather, slotOf, totalOf } from '../sums/index.ts';
import { packWindow, unpackWindow } from './pack.ts';

const startMs = 1_700_000_000_000;

function inventoryOf(member: string, address: string, name: string) {
  const listeners = [{ address: '0.0.0.0', port: 80, transport: 'tcp' }];
  const inventory = {
    host: { name: member, addresses: [address] },
    services: [{ name, name_rule: 'process', start_mode: 'process', reach: 'host', listeners }],
    sources: [],
  };
  const time = { fromMs: 0, toMs: Infinity, isLive: true };
  return { member, location: 'us1', inventory: inventory as unknown as Inventory, time };
}

interface Seen {
  member: string;
  source: string;
  target: string;
  requests: number;
  evidence?: Evidence;
}

function stateOf({ member, source, target, requests, evidence = 'span' }: Seen): StoredState {
  const service = (id: string) => ({ id, name: id, inside: true, first_seen_ms: startMs, listeners: [] });
  const times = { first_seen_ms: startMs, last_seen_ms: startMs };
  const counts = { ...emptyCell().counts, requests, latency_count: requests, latency: [100, requests] };
  const one = { source: 0, target: 1, protocol: 'http', evidence, ...counts, ...times };
  const services = [service(source), service(target)];
  const bucket = { start_ms: startMs, duration_ms: 10_000, services, dependencies: [one] };
  return { member, startMs, receivedMs: startMs, signals: [], bucket } as unknown as StoredState;
}

const caller = (requests: number, member = 'a'): Seen => ({
  member,
  source: 'service:orders',
  target: 'address:10.0.0.2:80',
  requests,
});
const callee = (requests: number): Seen => ({
  member: 'b',
  source: 'address:10.0.0.1',
  target: 'service:payments',
  requests,
});
const sockets: Seen = { ...caller(1), evidence: 'caller' };

function slotOfSeen(seen: Seen[]) {
  const claims = [inventoryOf('a', '10.0.0.1', 'orders'), inventoryOf('b', '10.0.0.2', 'payments')];
  const more = inventoryOf('a2', '10.0.0.3', 'orders');
  const around = { index: indexClaims([...claims, more]), groups: [], reachPrivately: () => false };
  const resolver = createResolver(around, () => 'us1');
  const rows = seen.flatMap((one) => resolver.rows(stateOf(one)));
  return slotOf(startMs, 10_000, rows);
}

const told = (slot: ReturnType<typeof slotOf>) =>
  gather([slot]).map((one) => {
    const counts = countsOf(totalOf(one).cells);
    const by = [counts?.countedBy, ...(counts?.side === undefined ? [] : [counts.side])].join(' ');
    return `${one.source.id} > ${one.target.id}: ${counts?.requests} by ${by}, ${counts?.latency[1]} timed`;
  });

const cases: [string, Seen[], string][] = [
  ['both ends', [sockets, caller(100), callee(100)], '100 by span, 100 timed'],
  ['both ends, the callee first', [callee(100), caller(100), sockets], '100 by span, 100 timed'],
  ['nearly as many at the caller', [sockets, caller(90), callee(100)], '90 by span, 90 timed'],
  ['few of the callers', [sockets, caller(10), callee(100)], '100 by span callee, 100 timed'],
  ['the callee alone', [sockets, callee(100)], '100 by span callee, 100 timed'],
  [
    'several callers of one service',
    [sockets, caller(60), caller(40, 'a2'), callee(100)],
    '100 by span, 100 timed',
  ],
];

it.each(cases)('requests that were written down by %s are counted once', async (_by, seen, expected) => {
  for (const evidence of ['span', 'log'] as const) {
    const slot = slotOfSeen(seen.map((one) => (one === sockets ? one : { ...one, evidence })));
    const says = [`us1/orders > us1/payments: ${expected.replace('span', evidence)}`];
    expect(told(slot)).toEqual(says);
    const all = gather([slot]).map((gathered) => ({ gathered, total: totalOf(gathered) }));
    expect(told(await unpackWindow(await packWindow(startMs, 10_000, all, new Map())))).toEqual(says);
  }
});
