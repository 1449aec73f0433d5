import type { Baseline } from '@netring/contract/baseline';
import type { HistoryPoint } from '@netring/contract/history';
import type { WouldBeAlert } from '@netring/contract/what-if';
import { step, type AlertMemories, type AlertMemory } from './alert-state.ts';
import { look, type Look } from './look.ts';
import { pathsOf, type KeptPath } from './replayed-paths.ts';
import type { Rule } from './rules.ts';

/** So long is one look of a replay: what is kept by the minute has lost what happened within. */
const lookMs = 30_000;
/** More are counted, not listed. */
const mostListed = 500;

/** Plays kept history to one rule, through the findings and the state machine that the watch uses. */
export interface Replay {
  /** What the paths showed in the `widthMs` from `atMs` on; to be called from the oldest to the newest. */
  show(atMs: number, widthMs: number, shown: readonly { path: KeptPath; point: HistoryPoint }[]): void;
  /** What would have fired. */
  result(): { count: number; alerts: WouldBeAlert[] };
}

type Fired = WouldBeAlert & { id: string };

/** @param baselinesOf what is usual now: what was usual at the time is not kept */
export function createReplay(
  rule: Rule,
  baselinesOf: (source: string, target: string) => readonly Baseline[] | undefined,
): Replay {
  // A minute is bad or it is not: the damping of single looks has nothing to go by.
  const rules = new Map([[rule.name, { ...rule, damping: { bad: 1, of: 1 } }]]);
  const firing = new Map<string, Fired>();
  const fired: Fired[] = [];
  let memories: AlertMemories = { active: new Map(), resolved: new Map() };
  let shownUntilMs = -Infinity;
  let count = 0;

  return {
    show(atMs, widthMs, shown) {
      if (atMs > shownUntilMs && memories.active.size > 0) take(nothing, atMs, atMs - shownUntilMs);
      shownUntilMs = atMs + widthMs;
      const { locationPaths, memberPathsOf } = pathsOf(shown);
      const seen = {
        ...{ nowMs: atMs, members: [], locationPaths, memberPathsOf, baselinesOf },
        ...{ routeChanges: [], edges: [], graphEvents: [] },
      };
      const looked = look(seen, rules);
      for (let nowMs = atMs + lookMs; nowMs <= shownUntilMs; nowMs += lookMs) take(looked, nowMs, lookMs);
    },
    result: () => ({ count, alerts: fired.map(({ id: _id, ...one }) => one) }),
  };

  function take(looked: Look, nowMs: number, elapsedMs: number): void {
    if (looked.bad.length === 0 && memories.active.size === 0) return;
    memories = step(memories, looked, rules, { nowMs, elapsedMs });
    for (const [id, one] of firing) {
      if (memories.active.has(id)) continue;
      one.to_ms = nowMs;
      firing.delete(id);
    }
    for (const memory of memories.active.values()) if (memory.state === 'firing') note(memory);
    for (const { id, value } of looked.bad) worsen(firing.get(id), value);
  }

  function note({ id, subject, firingSinceMs = 0, value }: AlertMemory): void {
    if (firing.has(id)) return;
    const one: Fired = { id, subject, from_ms: firingSinceMs, ...(value !== undefined && { value }) };
    count++;
    firing.set(id, one);
    if (fired.length < mostListed) fired.push(one);
  }

  function worsen(one: Fired | undefined, value: number | undefined): void {
    if (one === undefined || value === undefined) return;
    const worst = rule.name === 'low_bandwidth' ? Math.min : Math.max;
    one.value = worst(one.value ?? value, value);
  }
}

/** Nothing was measured, or nobody listened. */
const nothing: Look = { bad: [], standing: () => 'unknown' };
