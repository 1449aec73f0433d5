import { endId } from '@netring/contract/end';
import { drawGraph, drawServices } from '@netring/registry/traffic/drawing/index';
import { indexClaims } from '@netring/registry/traffic/identity/index';
import { createProofs, createResolver } from '@netring/registry/traffic/join/index';
import { createJudging } from '@netring/registry/traffic/judging';
import { createLiveGraph, liveMs } from '@netring/registry/traffic/live-graph';
import { createMemberClocks, createStateBook } from '@netring/registry/traffic/states/index';
import { gather, slotOf } from '@netring/registry/traffic/sums/index';
import { graphScene, slotMs } from './graph-scene.ts';

/** What one process is to do: the first argument, as JSON. */
export interface LookerOrder {
  services: number;
  dependencies: number;
  /** So many seconds are played, after the first minute. */
  seconds: number;
}

/** What it prints after `done `. Milliseconds of processor time. */
export interface LookerReport {
  lookMs: number[];
  anewMs: number[];
  /** Of the graph's own clock, from a new dependency to the look that told it. */
  newAfterMs: number;
  dependencies: number;
  expected: number;
}

const order = JSON.parse(process.argv[2] ?? '{}') as LookerOrder;
process.stdout.write(`done ${JSON.stringify(run(order))}\n`);

function run({ services, dependencies, seconds }: LookerOrder): LookerReport {
  const scene = graphScene(services, dependencies);
  const base = 1_700_000_000_000;
  let nowMs = base;
  const states = createStateBook(createMemberClocks(), { nowMs: () => nowMs, set: () => undefined }, 'r');
  const locationOf = new Map(scene.members.map((one) => [one.id, one.location]));
  const around = { index: indexClaims(scene.inventories), groups: [], reachPrivately: () => true };
  const resolver = createResolver(around, (member) => locationOf.get(member));
  const { judge } = createJudging(
    pathsBetween([...new Set(locationOf.values())], () => nowMs),
    12,
  );
  const proofs = createProofs();
  const bound = { services: 5_000, dependencies: 10_000 };
  const live = createLiveGraph({
    states,
    resolving: { current: () => ({ resolver, version: 1 }) },
    proofs,
    judge,
    bound,
    positions: () => ({}),
    positionsVersion: () => 0,
    sources: () => [],
    firstSeenMs: () => undefined,
  });
  const report: LookerReport = {
    lookMs: [],
    anewMs: [],
    newAfterMs: -1,
    dependencies: 0,
    expected: scene.dependencies + 1,
  };
  const firstSecond = liveMs / 1_000 + 10;
  const last = firstSecond + seconds;
  const newAtMs = base + (last - 5) * 1_000;
  for (let second = 0; second < last; second++)
    for (let part = 0; part < 5; part++) {
      nowMs = base + second * 1_000 + part * 200;
      if (part === 0) tell(second);
      const began = process.cpuUsage();
      const changed = live.refresh(nowMs);
      const ms = spentMs(began);
      const isNew = changed?.dependencies.some(({ protocol }) => protocol === 'redis') === true;
      if (isNew && report.newAfterMs < 0) report.newAfterMs = nowMs - newAtMs;
      if (second < firstSecond) continue;
      // Most calls find that it is too early to look again.
      if (ms > 0.5) report.lookMs.push(ms);
      if (part === 0 && second % 5 === 0) report.anewMs.push(anew());
    }
  report.dependencies = live.answer().dependencies.length;
  return report;

  /** Half of the members report each second; one in twenty of the dependencies has become another. */
  function tell(second: number): void {
    const startMs = Math.floor(nowMs / slotMs) * slotMs;
    const isFirst = nowMs === startMs;
    const revision = 1 + (nowMs - startMs) / 1_000;
    scene.members.forEach((_, at) => {
      if (!isFirst && (at + second) % 2 === 1 && nowMs !== newAtMs) return;
      const state = scene.stateOf(at, startMs, revision, (n) => (n + second) % 20 === 0);
      if (nowMs >= newAtMs && at === 0) addNew(state);
      states.take(state);
    });
  }

  /** A service calls somebody whom nobody has called before. */
  function addNew({ bucket }: ReturnType<typeof scene.stateOf>): void {
    const [first] = bucket.dependencies;
    const [like] = bucket.services;
    if (first === undefined || like === undefined) return;
    const id = endId({ kind: 'address', host: '198.51.100.7', port: 6379 });
    const target = bucket.services.push({ ...like, id, name: id }) - 1;
    bucket.dependencies.push({ ...first, target, protocol: 'redis' });
  }

  function anew(): number {
    const began = process.cpuUsage();
    const starts = states.starts().filter((startMs) => startMs + slotMs > nowMs - liveMs);
    const slots = starts.map((startMs) =>
      slotOf(
        startMs,
        slotMs,
        [...states.at(startMs)].flatMap((state) => resolver.rows(state)).map((row) => proofs.apply(row)),
      ),
    );
    const needs = {
      judge: (facts: Parameters<typeof judge.judge>[0]) => judge.judge(facts, nowMs),
      firstSeenMs: () => undefined,
      bound,
    };
    const { edges } = drawGraph(gather(slots), new Set(), { nowMs, windowMs: liveMs }, needs);
    drawServices(edges, nowMs);
    return spentMs(began);
  }
}

function spentMs(began: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1_000;
}

/** All locations reach each other. */
function pathsBetween(locations: readonly string[], now: () => number): Parameters<typeof createJudging>[0] {
  return {
    memberPath: () => undefined,
    tracesOf: () => ({}),
    locationPaths: () =>
      locations.flatMap((source) =>
        locations.map((target) => ({
          source,
          target,
          target_kind: 'member' as const,
          state: 'ok' as const,
          reasons: [],
          answering: true,
          at_ms: now() - 1_000,
          paths: { ok: 4, degraded: 0, down: 0, unknown: 0, unproved: 0 },
          checks: [
            {
              kind: 'icmp' as const,
              state: 'ok' as const,
              p50_ms: 1,
              sent: 100,
              lost: 0,
              at_ms: now() - 1_000,
            },
          ],
        })),
      ),
  };
}
