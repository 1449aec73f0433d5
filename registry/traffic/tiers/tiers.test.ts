import assert from 'node:assert/strict';
import type { GraphDependency } from '@netring/contract/graph';
import { createLogger } from '@netring/service/log';
import { afterEach, describe, it } from 'vitest';
import { openStore, type Store } from '../../store/index.ts';
import { indexClaims } from '../identity/index.ts';
import { createProofs, createResolver } from '../join/index.ts';
import {
  createMemberClocks,
  createStateBook,
  orderKey,
  stateKey,
  statesGroup,
  withinBound,
  type StoredState,
} from '../states/index.ts';
import { countsOf, gather, totalOf, type Slot } from '../sums/index.ts';
import { drawGraph, type Edge } from '../drawing/index.ts';
import type { Judged } from '../facts.ts';
import { graphOfWindow } from '../questions.ts';
import { createKeeper, slotsOf } from './keeper.ts';
import { keptOf } from './kept.ts';
import { createReader } from './reader.ts';
import { reliefOf } from './relief.ts';
import { createShelf, type Entry } from './shelf.ts';

const minute = 60_000;
const base = 1_700_000_000_000 - (1_700_000_000_000 % 600_000);

const stores: Store[] = [];
afterEach(async () => {
  for (const one of stores.splice(0)) await one.close();
});

/** Requests of `a → b` in one bucket. */
function stateOf(startMs: number, requests: number, revision = 1): StoredState {
  const counts = {
    requests,
    client_errors: 0,
    server_errors: 0,
    client_gone: 0,
    transport_failures: 0,
    bytes_sent: 0,
    bytes_received: 0,
    latency_sum_ms: 0,
    latency_count: 0,
    latency_max_ms: 0,
    api_requests: 0,
    unjudged: 0,
  };
  const times = { first_seen_ms: startMs, last_seen_ms: startMs };
  const service = (id: string) => ({ id, name: id, inside: true, first_seen_ms: startMs, listeners: [] });
  return {
    member: 'm',
    boot: 'b',
    n: startMs / 10_000,
    revision,
    offsetMs: 0,
    startMs,
    receivedMs: startMs,
    more: 0,
    signals: [],
    bucket: {
      version: 1,
      reporter: 'm',
      start_ms: startMs,
      duration_ms: 10_000,
      observations: requests,
      services: [service('service:a'), service('service:b')],
      dependencies: [
        {
          source: 0,
          target: 1,
          protocol: 'http',
          evidence: 'log',
          ...counts,
          ...times,
          latency: [100, requests],
        },
      ],
    },
  };
}

async function kept(boundBytes = 1e9, edges: () => Edge[] = () => []) {
  const store = await openStore({ kind: 'embedded', folder: undefined });
  stores.push(store);
  let nowMs = 0;
  const clock = { nowMs: () => nowMs, set: () => undefined };
  const states = createStateBook(createMemberClocks(), clock, 'r');
  const around = { index: indexClaims([]), groups: [], reachPrivately: () => false };
  const resolver = createResolver(around, () => 'us1');
  const shelf = createShelf(store);
  const proofs = createProofs();
  const log = createLogger('registry', 'error');
  const keeper = createKeeper({
    store,
    shelf,
    states,
    resolver: () => resolver,
    proofs,
    edges,
    boundBytes,
    log,
  });
  const reader = createReader({ store, shelf, states, resolver: () => resolver, proofs, live: () => [] });
  return {
    shelf,
    states,
    reader,
    resolver,
    proofs,
    put: async (state: StoredState): Promise<void> => {
      const { value } = withinBound(state, 1e6);
      const group = statesGroup(state.startMs);
      await store.commit({ put: [{ group, key: stateKey(state), value }] });
      await store.table.put(group, orderKey(state), String(state.revision));
      states.take(state);
    },
    keepAt: async (atMs: number): Promise<void> => {
      nowMs = atMs;
      await keeper.keep(atMs);
    },
    requests: async (fromMs: number, toMs: number): Promise<number> =>
      requestsOf(await reader.slots(fromMs, toMs, nowMs)),
  };
}

const calm: Judged = {
  path: { kind: 'member', source: 'm', target: 'n', state: 'ok', rtt_ms: 2, at_ms: base, reasons: [] },
  blame: {
    verdict: 'none',
    reasons: ['nothing was high'],
    shares: { total_ms: 5, network_ms: 2, application_ms: 3, proxy_ms: 0 },
    usual: { total_ms: 5.25, network_ms: 2.25, application_ms: 3, proxy_ms: 0 },
  },
};
const trouble: Judged = {
  path: { ...calm.path, state: 'degraded', reasons: ['slow'] },
  blame: { verdict: 'network', since_ms: base + 75_000, reasons: ['network, at hop 3', 'and more'] },
};

/** A kept graph, with what is said of its dependency at the moment. */
async function ringKept() {
  let saying: Judged | undefined;
  let edges: () => Edge[] = () => [];
  const { shelf, states, reader, resolver, proofs, put, keepAt } = await kept(1e9, () => edges());
  const bound = { services: 10, dependencies: 10 };
  let nowMs = 0;
  edges = () => {
    const said = saying;
    if (said === undefined) return [];
    const found = states.starts().flatMap((startMs) => [...states.at(startMs)]);
    const needs = { judge: () => said, firstSeenMs: () => undefined, bound };
    return drawGraph(gather(slotsOf(found, resolver, proofs)), new Set(), { nowMs, windowMs: 60_000 }, needs)
      .edges;
  };
  return {
    put,
    async keepAt(atMs: number, said: Judged | undefined): Promise<void> {
      [nowMs, saying] = [atMs, said];
      await keepAt(atMs);
    },
    kept: async () => keptOf(await shelf.index(), nowMs),
    async at(fromMs: number, toMs: number): Promise<GraphDependency> {
      const asked = {
        reader,
        bound,
        live: () => undefined,
        positions: () => ({}),
        sources: () => [],
      };
      const { dependencies } = await graphOfWindow(asked, { fromMs, toMs, include: new Set() }, nowMs);
      return dependencies[0] ?? assert.fail('no dependency');
    },
  };
}

function requestsOf(slots: Slot[]): number {
  return gather(slots).reduce((sum, one) => sum + (countsOf(totalOf(one).cells)?.requests ?? 0), 0);
}

describe('tiers of the service graph', () => {
  it('roll up minutes, then tens of minutes, and windows of every length find what there was', async () => {
    const { put, keepAt, requests, shelf } = await kept();
    for (let at = 0; at < 60; at++) await put(stateOf(base + at * 10_000, 1));
    await keepAt(base + 10 * minute + 26_000);
    const index = await shelf.index();
    assert.deepEqual(index.map(({ tier }) => tier).sort(), [...Array<string>(10).fill('minute'), 'ten']);
    assert.equal(await requests(base, base + 10 * minute), 60);
    assert.equal(await requests(base + 5 * minute, base + 8 * minute), 18);
    assert.equal(await requests(base + minute + 20_000, base + minute + 40_000), 2);
    await keepAt(base + 5 * 60 * minute);
    assert.equal(await requests(base - minute, base + 60 * minute), 60);
  });

  it('where minutes went before their time their ten minutes tell of it', async () => {
    const { put, keepAt, requests, shelf } = await kept();
    for (let at = 0; at < 60; at++) await put(stateOf(base + at * 10_000, 1));
    await keepAt(base + 10 * minute + 26_000);
    await shelf.remove((await shelf.index()).filter(({ tier }) => tier === 'minute'));
    await keepAt(base + 50 * minute);
    assert.equal(await requests(base, base + 10 * minute), 60);
    assert.equal(await requests(base - 10 * minute, base + 20 * minute), 60);
  });

  it.for([0, 50])('what began %i s into a minute is added to it whenever it comes', async (beginsAt) => {
    const { put, keepAt, requests } = await kept();
    await put(stateOf(base + 10_000, 3));
    let revision = 0;
    for (let atMs = base + 60_000; atMs < base + 300_000; atMs += 7_000) {
      await keepAt(atMs);
      await put(stateOf(base + beginsAt * 1000, ++revision, revision));
      await keepAt(atMs + 1_000);
      if (atMs > base + 86_000) assert.equal(await requests(base, base + minute), 3 + revision);
    }
  });

  it('a minute whose state came late is rolled up again', async () => {
    const { put, keepAt, requests } = await kept();
    await put(stateOf(base, 3));
    await keepAt(base + 2 * minute);
    await put(stateOf(base, 5, 2));
    await put(stateOf(base + 20_000, 4));
    await keepAt(base + 4 * minute);
    assert.equal(await requests(base, base + minute), 9);
  });

  it('what was said of a dependency is kept with its stretches, the worst of each, and told for its time', async () => {
    const ring = await ringKept();
    for (let n = 0; n < 60; n++) {
      await ring.put(stateOf(base + n * 10_000, 30));
      // Two stretches of the second minute were in trouble.
      const isBad = n >= 8 && n < 10;
      await ring.keepAt(base + n * 10_000 + 23_000, isBad ? trouble : calm);
    }
    await ring.keepAt(base + 10 * minute + 26_000, calm);
    const bad = await ring.at(base + minute, base + 2 * minute);
    assert.deepEqual(bad.blame, { ...trouble.blame, held_ms: 20_000 });
    assert.deepEqual(bad.path, { ...trouble.path, held_ms: 20_000 });
    assert.equal((await ring.at(base, base + minute)).blame.verdict, 'none');
    assert.deepEqual((await ring.at(base, base + minute)).blame.usual, calm.blame.usual);
    const fine = await ring.at(base + minute + 20_000, base + minute + 30_000);
    assert.deepEqual(fine.blame, { ...trouble.blame, held_ms: 10_000 });
    const { stretches, resolutions } = await ring.kept();
    assert.deepEqual(
      resolutions.map(({ resolution_ms }) => resolution_ms),
      [10_000, 60_000, 600_000],
    );
    assert.equal(stretches.length, 60);
    assert.deepEqual(
      stretches.filter(({ blame }) => blame?.network === 1).map(({ start_ms }) => start_ms),
      [base + 80_000, base + 90_000],
    );
    assert.equal(
      stretches.reduce((sum, { requests }) => sum + requests, 0),
      1_800,
    );
    // Hours later only the ten minutes are left, and still tell of it.
    await ring.keepAt(base + 5 * 60 * minute, calm);
    const old = await ring.kept();
    assert.deepEqual(
      old.stretches.map(({ start_ms, duration_ms, blame }) => [start_ms, duration_ms, blame?.network]),
      [[base, 10 * minute, 1]],
    );
    const ten = await ring.at(base + minute, base + 2 * minute);
    assert.deepEqual(ten.blame, { ...trouble.blame, held_ms: 20_000 });
    assert.equal(ten.requests_per_second, 3);
  });

  it('where nobody kept what was said, it is unknown, and why', async () => {
    const ring = await ringKept();
    for (let n = 0; n < 6; n++) await ring.put(stateOf(base + n * 10_000, 30));
    await ring.keepAt(base + 5 * minute, undefined);
    const { blame, path, request_count } = await ring.at(base, base + minute);
    assert.equal(request_count, 180);
    assert.deepEqual(blame, { verdict: 'unknown', reasons: ['what was said of it then is not kept'] });
    assert.equal(path.state, 'unknown');
  });

  it('old minutes go before tens of minutes when there is no room, then the oldest', () => {
    const nowMs = base + 100 * minute;
    const entry = (tier: Entry['tier'], at: number): Entry => ({
      tier,
      startMs: base + at * minute,
      bytes: 10,
    });
    const index = [entry('ten', 0), entry('ten', 10), entry('minute', 12), entry('minute', 99)];
    assert.deepEqual(reliefOf(index, 40, nowMs), []);
    assert.deepEqual(reliefOf(index, 30, nowMs), [index[2]]);
    assert.deepEqual(reliefOf(index, 20, nowMs), [index[2], index[0]]);
    // What one stretch of ten minutes tells of goes at once, and none of it while a minute of it may still come late.
    const minutes = [60, 61, 69, 80].map((at) => entry('minute', at));
    assert.deepEqual(reliefOf(minutes, 35, nowMs), minutes.slice(0, 3));
    assert.deepEqual(reliefOf([entry('minute', 81), entry('ten', 79)], 15, nowMs), [entry('ten', 79)]);
    const old = entry('ten', -25 * 60);
    assert.deepEqual(reliefOf([old], 1e9, nowMs), [old]);
  });
});
