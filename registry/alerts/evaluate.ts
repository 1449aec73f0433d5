import { crossingOf } from '../traffic/index.ts';
import { step, type AlertMemory } from './alert-state.ts';
import { groundOf, noGround } from './ground.ts';
import { groupByCause } from './grouping.ts';
import { follow, type IncidentMemory } from './incidents.ts';
import { onKnownWays } from './known-ways.ts';
import { look, type Look } from './look.ts';
import type { Rules } from './rules.ts';
import type { Seen } from './seen.ts';

/** Everything that is remembered from look to look, and what is kept of the past day; as it stands in the store. */
export interface AlertState {
  lookedAtMs: number;
  active: AlertMemory[];
  resolved: AlertMemory[];
  incidents: IncidentMemory[];
}

export const nothingYet: AlertState = { lookedAtMs: 0, active: [], resolved: [], incidents: [] };

/** What one look is made with. */
export interface Looking {
  rules: Rules;
  /** How much of the time since the last look a registry listened. */
  elapsedMs: number;
  /** The picture has just been emptied: that somebody is not in it says nothing. */
  emptied: boolean;
}

/** The state after one more look at the picture: a pure function. */
export function evaluate(before: AlertState, seen: Seen, { rules, elapsedMs, emptied }: Looking): AlertState {
  const known = byId(before.active);
  const now = look(seen, rules);
  const looked = { ...now, bad: onKnownWays(now.bad, known) };
  const { active, resolved } = step(
    { active: known, resolved: byId(before.resolved) },
    emptied ? holding(looked) : looked,
    rules,
    { nowMs: seen.nowMs, elapsedMs },
  );
  const told = [...active.values()].filter(({ state }) => state !== 'watched');
  // Most looks find nothing to group, and need no ground to do it on.
  const ground = told.length === 0 ? noGround : groundOf(seen);
  return {
    lookedAtMs: seen.nowMs,
    active: [...active.values()],
    resolved: [...resolved.values()],
    incidents: follow(before.incidents, groupByCause(told, ground), ground, seen.nowMs).map((one) =>
      withCrossing(one, seen),
    ),
  };
}

/** What ran over it last is told for as long as it is open: a path that is cut has no traffic any more. */
function withCrossing(one: IncidentMemory, { edges }: Seen): IncidentMemory {
  if (one.state !== 'open') return one;
  const crossing = crossingOf(one.cause, edges);
  if (crossing !== undefined) return { ...one, crossing };
  return one.crossing === undefined ? one : { ...one, crossing: { ...one.crossing, now: false } };
}

function holding(looked: Look): Look {
  return {
    bad: looked.bad,
    standing(rule, subject) {
      const standing = looked.standing(rule, subject);
      return standing === 'gone' ? 'unknown' : standing;
    },
  };
}

function byId(list: readonly AlertMemory[]): Map<string, AlertMemory> {
  return new Map(list.map((one) => [one.id, one]));
}
