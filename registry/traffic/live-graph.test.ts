import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { GraphDependency, GraphService } from '@netring/contract/graph';
import { describe, it } from 'vitest';
import { drawGraph, drawServices, type Edge } from './drawing/index.ts';
import type { DependencyFacts, Judge, Judged } from './facts.ts';
import { createProofs } from './join/index.ts';
import { createLiveGraph, liveMs } from './live-graph.ts';
import { randomWorld } from './random-world.ts';
import { createMemberClocks, createStateBook, slotMs, stateKey } from './states/index.ts';
import { gather, slotOf, type Slot } from './sums/index.ts';

const base = 1_700_000_000_000;
const isLong = process.env.NETRING_TEST_LONG === '1';
const seeds = isLong ? Array.from({ length: 30 }, (_, at) => at + 1) : [1, 2, 3];
const steps = isLong ? 150 : 50;
const bound = { services: 1_000, dependencies: 1_000 };

/** Says what it was told, so that nothing of it can differ unseen. */
function toldBack(facts: DependencyFacts): Judged {
  const told = createHash('sha256').update(JSON.stringify(facts)).digest('hex');
  return {
    path: { kind: 'none', state: 'unknown', reasons: [] },
    blame: { verdict: 'unknown', reasons: [told] },
  };
}

/** Quick where they are alike; shows the difference where they are not. */
function alike(a: unknown, b: unknown): void {
  if (JSON.stringify(a) !== JSON.stringify(b)) assert.deepEqual(a, b);
}

/** A live graph over a random world, and the same picture drawn from nothing. */
function graphOf(seed: number, judge: Judge['judge'], budgetMs: number) {
  let nowMs = base;
  const world = randomWorld(seed);
  const proofs = createProofs();
  const clock = { nowMs: () => nowMs, set: () => undefined };
  const states = createStateBook(createMemberClocks(), clock, 'r');
  const live = createLiveGraph({
    states,
    resolving: world.resolving,
    proofs,
    judge: { judge, forget: () => undefined },
    bound,
    positions: () => ({}),
    positionsVersion: () => 0,
    sources: () => [],
    firstSeenMs: () => undefined,
    budget: { lookMs: budgetMs, judgeMs: budgetMs },
  });
  const firstSeen = new Map<string, number>();
  const told = {
    services: new Map<string, GraphService>(),
    dependencies: new Map<string, GraphDependency>(),
  };

  function anew(): { edges: Edge[]; services: GraphService[]; hidden: Record<string, number> } {
    const { resolver } = world.resolving.current();
    const starts = states.starts().filter((startMs) => startMs + slotMs > nowMs - liveMs);
    const slots = starts.map((startMs): Slot => {
      const all = [...states.at(startMs)].sort((a, b) => (stateKey(a) < stateKey(b) ? -1 : 1));
      const rows = all.flatMap((state) => resolver.rows(state)).map((row) => proofs.apply(row));
      const slot = slotOf(startMs, slotMs, rows);
      return { ...slot, sums: new Map([...slot.sums].sort(([a], [b]) => (a < b ? -1 : 1))) };
    });
    const firstSeenMs = (id: string) => firstSeen.get(id);
    const needs = { judge: (facts: DependencyFacts) => judge(facts, nowMs), firstSeenMs, bound };
    const { edges, hidden } = drawGraph(gather(slots), new Set(), { nowMs, windowMs: liveMs }, needs);
    const present = new Set(edges.map(({ view }) => view.id));
    const known = (node: Edge['source']) => resolver.node(node.id) ?? node;
    const quiet = live
      .edges()
      .filter(({ view }) => !present.has(view.id))
      .map((edge) => ({ ...edge, source: known(edge.source), target: known(edge.target) }));
    for (const { view } of quiet) assert.deepEqual(view.blame.reasons, ['no traffic was seen in the window']);
    for (const { view, firstSeenMs: ms } of edges) firstSeen.set(view.id, ms);
    const there = new Set(live.edges().map(({ view }) => view.id));
    for (const id of firstSeen.keys()) if (!there.has(id)) firstSeen.delete(id);
    return { edges, services: drawServices([...edges, ...quiet], nowMs), hidden };
  }

  return {
    world,
    states,
    live,
    told,
    look(ms: number): void {
      nowMs += ms;
      const changed = live.refresh(nowMs);
      for (const one of changed?.services ?? []) told.services.set(one.service_id, one);
      for (const one of changed?.dependencies ?? []) told.dependencies.set(one.id, one);
      for (const id of changed?.removed_services ?? []) told.services.delete(id);
      for (const id of changed?.removed_dependencies ?? []) told.dependencies.delete(id);
    },
    tell(): void {
      const startMs = Math.floor(nowMs / slotMs) * slotMs;
      states.take(world.tell(startMs));
    },
    tellLate(): void {
      states.take(world.tell(Math.floor(nowMs / slotMs) * slotMs - 2 * slotMs));
    },
    change: () => world.change(nowMs),
    compare(): number {
      const { edges, services, hidden } = anew();
      const answer = live.answer();
      const byId = new Map(answer.dependencies.map((one) => [one.id, one]));
      for (const { view } of edges) alike(byId.get(view.id), view);
      for (const one of services) alike(answer.services[one.service_id], one);
      assert.equal(Object.keys(answer.services).length, services.length);
      assert.deepEqual(answer.metadata.hidden, { ...hidden });
      assert.deepEqual([...told.dependencies.keys()].sort(), [...byId.keys()].sort());
      assert.deepEqual([...told.services.keys()].sort(), Object.keys(answer.services).sort());
      return edges.length;
    },
  };
}

describe('the live graph, look by look', () => {
  it.each(seeds)('is the one drawn from nothing, whatever comes and goes (%i)', (seed) => {
    const graph = graphOf(seed, toldBack, Infinity);
    let dependencies = 0;
    for (let step = 0; step < steps; step++) {
      // Sometimes nobody speaks for long enough that everything falls silent.
      const isSilent = step % 50 > 40;
      if (!isSilent) for (let n = step % 3; n >= 0; n--) graph.tell();
      if (step % 7 === 3) graph.tellLate();
      if (step % 5 === 2) graph.change();
      graph.look(step % 11 === 0 ? 7_000 : 1_000);
      dependencies += graph.compare();
    }
    assert.ok(dependencies > 500, `${dependencies} dependencies were compared`);
  });

  it('gets there by small steps, where there is little time for each', () => {
    const said: Judged = {
      path: { kind: 'none', state: 'unknown', reasons: [] },
      blame: { verdict: 'unknown', reasons: [] },
    };
    const graph = graphOf(7, () => said, 0);
    graph.look(0);
    for (let n = 0; n < 6; n++) graph.tell();
    graph.change();
    for (let n = 0; n < 40; n++) graph.look(1_000 / 4);
    assert.ok(graph.compare() > 5);
  });
});
