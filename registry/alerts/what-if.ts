import { setImmediate as breathe } from 'node:timers/promises';
import { ruleNames } from '@netring/contract/alert';
import type { Baseline } from '@netring/contract/baseline';
import type { HistoryPoint } from '@netring/contract/history';
import { whatIfRules, type WhatIfAnswer, type WhatIfRule } from '@netring/contract/what-if';
import { createReplay } from './replay.ts';
import type { KeptPath } from './replayed-paths.ts';
import { ruleDefaults, type Rule, type Rules } from './rules.ts';

const hourMs = 3_600_000;
const minuteMs = 60_000;
/** A day of so many members is unpacked for one question: some seconds of one core in a ring of a thousand. */
const mostMembers = 48;

/** What is asked: a rule, a threshold in its unit, and, to look at one place closely, a source location. */
export interface WhatIfQuestion {
  rule: WhatIfRule;
  threshold: number;
  source?: string;
}

export interface WhatIfNeeds {
  rules: Rules;
  /** Who may have history, with its location. */
  members: () => Iterable<{ id: string; location: string }>;
  /** The kept points of a source in an hour since the epoch, by target, and how many minutes each lasts. */
  hour: (
    hour: number,
    source: string,
  ) => Promise<{ stepMinutes: number; paths: Map<string, HistoryPoint[]> }>;
  baselinesOf: (source: string, target: string) => readonly Baseline[] | undefined;
}

/** Tries other thresholds on the past day; one question at a time, `busy` meanwhile. */
export interface WhatIf {
  ask(question: WhatIfQuestion, nowMs: number): Promise<WhatIfAnswer | 'busy'>;
}

export function createWhatIf(needs: WhatIfNeeds): WhatIf {
  let busy = false;
  return {
    async ask(question, nowMs) {
      if (busy) return 'busy';
      busy = true;
      try {
        return await replayDay(needs, question, nowMs);
      } finally {
        busy = false;
      }
    },
  };
}

async function replayDay(
  { rules, members, hour: read, baselinesOf }: WhatIfNeeds,
  { rule: name, threshold, source }: WhatIfQuestion,
  nowMs: number,
): Promise<WhatIfAnswer> {
  const rule = rules.get(name);
  const tried: Rule = { ...(rule ?? defaultRule(name)), threshold };
  const asked = createReplay(tried, baselinesOf);
  const present = rule && createReplay(rule, baselinesOf);
  const all = [...members()];
  const locations = new Map(all.map(({ id, location }) => [id, location]));
  const sources = chosen(all.filter(({ location }) => (source ?? location) === location));
  const fromHour = Math.floor(nowMs / hourMs) - 24;
  let stepMs = minuteMs;
  for (let hour = fromHour; hour <= Math.floor(nowMs / hourMs); hour++) {
    const steps = new Map<number, { path: KeptPath; point: HistoryPoint }[]>();
    let widthMs = minuteMs;
    for (const from of sources) {
      const { stepMinutes, paths } = await read(hour, from.id);
      widthMs = stepMinutes * minuteMs;
      for (const [target, points] of paths) {
        const path = keptPath(from, target, locations);
        for (const point of points) {
          const step = steps.get(point.at_ms);
          if (step === undefined) steps.set(point.at_ms, [{ path, point }]);
          else step.push({ path, point });
        }
      }
      await breathe();
    }
    stepMs = Math.max(stepMs, widthMs);
    for (const [atMs, shown] of [...steps].sort(([a], [b]) => a - b)) {
      asked.show(atMs, widthMs, shown);
      present?.show(atMs, widthMs, shown);
    }
    await breathe();
  }
  return {
    ...{ now_ms: nowMs, from_ms: fromHour * hourMs, rule: name, threshold, for_ms: tried.forMs },
    ...asked.result(),
    ...(rule && present && { present: { threshold: rule.threshold, count: present.result().count } }),
    members: { looked: sources.length, all: all.length },
    step_ms: stepMs,
    not_kept: ruleNames.filter((one) => !(whatIfRules as readonly string[]).includes(one)),
  };
}

/** Some of every location, by turns. */
function chosen<T extends { id: string; location: string }>(all: readonly T[]): T[] {
  const seen = new Map<string, number>();
  const turns = [...all]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((one) => {
      const turn = seen.get(one.location) ?? 0;
      seen.set(one.location, turn + 1);
      return { one, turn };
    });
  return turns
    .sort((a, b) => a.turn - b.turn)
    .slice(0, mostMembers)
    .map(({ one }) => one);
}

function keptPath(
  { id, location }: { id: string; location: string },
  target: string,
  locations: ReadonlyMap<string, string>,
): KeptPath {
  const external = /^external:(.*)$/s.exec(target)?.[1];
  return {
    source: id,
    source_location: location,
    target,
    target_location: external ?? locations.get(target) ?? target,
    target_kind: external === undefined ? 'member' : 'external',
  };
}

/** A rule that is switched off, as it would be. */
function defaultRule(name: WhatIfRule): Rule {
  const { severity, forS } = ruleDefaults[name];
  return { name, severity, forMs: forS * 1000, threshold: 0, damping: { bad: 1, of: 1 } };
}
