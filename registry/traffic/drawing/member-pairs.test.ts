import { expect, test } from 'vitest';
import type { GraphNode, Recognised, ResolvedRow } from '../join/index.ts';
import { lay, type MeasuredPaths } from '../overlay/index.ts';
import { emptyCell, gather, slotOf, totalOf, type Sum } from '../sums/index.ts';
import { factsOf } from './draw-dependency.ts';

/** A service on a machine, `h1`, whose member is `m1`; the machine is absent where nobody knows it. */
function end(name: string, machine?: number): Recognised {
  const node: GraphNode = {
    id: `us1/${name}`,
    name,
    kind: 'service',
    location: 'us1',
    inside: true,
    instances: [],
    endpoints: [],
    tags: {},
    metadata: {},
  };
  const plain = { node, isOnlyHost: false, isThroughAlias: false };
  if (machine === undefined) return { ...plain, hosts: new Map() };
  const [host, member] = [`host:us1/h${machine}`, `m${machine}`];
  return { ...plain, host, member, hosts: new Map([[host, { host, member, address: '' }]]) };
}

/** What calls of `web` to `cache` between machines are judged by. */
function factsAfter(
  calls: [source: number | undefined, target?: number, requests?: number][],
  isRolledUp = false,
) {
  const rows = calls.map(([source, target, requests = 1]): ResolvedRow => {
    const counts = { ...emptyCell().counts, requests, latency: [] };
    return {
      source: end('web', source),
      target: end('cache', target),
      protocol: 'tcp',
      evidence: 'caller',
      counts: counts as unknown as NonNullable<ResolvedRow['counts']>,
      firstSeenMs: 1,
      lastSeenMs: 2,
      members: new Set(['m1']),
      ports: new Set(),
    };
  });
  const [gathered] = gather([slotOf(0, 10_000, rows), slotOf(10_000, 10_000, rows)]);
  if (gathered === undefined) throw new Error('no dependency');
  const total: Sum = { ...totalOf(gathered), ...(isRolledUp && { hostPairs: new Map() }) };
  return factsOf({ gathered, total, id: 'x' }, 60_000);
}

const pairsAfter = (...given: Parameters<typeof factsAfter>): string[] =>
  factsAfter(...given).memberPairs.map(({ source, target }) => `${source} ${target}`);

test('are those that called each other, and no others', () => {
  expect(pairsAfter([[1, 2], [3, 4], [1], [undefined, 4]])).toEqual(['m1 m2', 'm3 m4']);
});

test('come the busiest first, however many there are', () => {
  const many = Array.from({ length: 20 }, (_, at): [number, number, number] => [at, 50, at]);
  expect(pairsAfter(many).slice(0, 2)).toEqual(['m19 m50', 'm18 m50']);
  expect(pairsAfter(many)).toHaveLength(20);
});

test('may be any where only the machines on either end are kept', () => {
  const rolledUp = [
    [1, 2],
    [3, 4],
  ] satisfies [number, number][];
  expect(pairsAfter(rolledUp, true)).toEqual(['m1 m2', 'm1 m4', 'm3 m2', 'm3 m4']);
});

const nothing: MeasuredPaths = {
  memberPath: () => undefined,
  locationPath: () => undefined,
  tracesOf: () => ({}),
};

test('lie over no path where each machine asks itself, however often', () => {
  const alone = Array.from({ length: 20 }, (_, at): [number, number, number] => [at, at, 9]);
  expect(lay(factsAfter(alone), nothing, 0).under.kind).toBe('local');
  expect(lay(factsAfter([...alone, [1, 2, 1]]), nothing, 0).under.kind).toBe('none');
});
