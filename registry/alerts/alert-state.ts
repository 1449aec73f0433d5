import type { AlertSubject, RuleName, Severity } from '@netring/contract/alert';
import type { Blame } from '@netring/contract/graph';
import type { Finding } from './finding.ts';
import type { Look, Standing, ToldInstead } from './look.ts';
import type { Rule, Rules } from './rules.ts';

/** `watched`: seen bad, but not yet often enough to be called pending; not told. */
export type MemoryState = 'watched' | 'pending' | 'firing' | 'resolved';

/** What is remembered of one alert from look to look. Times are epoch milliseconds of the store's clock. */
export interface AlertMemory {
  id: string;
  rule: RuleName;
  severity: Severity;
  state: MemoryState;
  subject: AlertSubject;
  summary: string;
  value?: number | undefined;
  threshold?: number | undefined;
  blame?: Blame | undefined;
  /** Of loss: `known` when it was once. */
  way?: Finding['way'] | undefined;
  members?: string[] | undefined;
  /** When the first of the bad looks was. */
  pendingSinceMs: number;
  firingSinceMs?: number | undefined;
  resolvedAtMs?: number | undefined;
  /** Time that it has held, of that in which a registry listened. */
  heldMs: number;
  /** Such time since it was last bad. */
  quietMs: number;
  /** Such time for which nothing says how it stands. */
  unknownMs: number;
  /** The last looks, `x` bad and `.` good. */
  looks: string;
  /** How often it came back within `flapMs` of being resolved. */
  flaps: number;
  /** When its sentence was last made anew. */
  saidAtMs: number;
}

/** All alerts: those that are watched, pending or firing, and those resolved in the past day. */
export interface AlertMemories {
  active: ReadonlyMap<string, AlertMemory>;
  resolved: ReadonlyMap<string, AlertMemory>;
}

/** When it is, and how much of the time since the last look a registry listened. */
export interface Moment {
  nowMs: number;
  elapsedMs: number;
}

/** What comes back within this time flaps: from then on it is over only after being quiet for as long. */
export const flapMs = 600_000;
/** Nothing says how it stands: it is held so long, then it is nobody's any more. */
const heldUnknownMs = 600_000;
/** Figures of an alert that goes on are told no more often than this. */
const sayAgainMs = 10_000;
/** A condition that has been well for so long is not told as pending, though it may count on if it comes back soon. */
const wellMs = 5_000;
/** What was resolved is shown for a day. */
const keptMs = 24 * 3_600_000;
const mostResolved = 500;

/** Whether people hear of it: what fires, what is over, and what holds at this moment but not long enough yet. */
export function isTold({ state, quietMs }: AlertMemory): boolean {
  return state !== 'watched' && !(state === 'pending' && quietMs > wellMs);
}

/** One step of the state machine, a pure function: pending, firing, resolved. */
export function step(before: AlertMemories, look: Look, rules: Rules, moment: Moment): AlertMemories {
  const bad = new Map(look.bad.map((one) => [one.id, one]));
  const active = new Map<string, AlertMemory>();
  const ended: AlertMemory[] = [];
  for (const memory of before.active.values()) {
    const rule = rules.get(memory.rule);
    const found = bad.get(memory.id);
    const standing = rule === undefined ? 'gone' : (found ?? standingOf(memory, look, before.active));
    const next = rule === undefined ? end(memory, moment) : advance(memory, rule, standing, moment);
    if (next?.state === 'resolved') ended.push(next);
    else if (next !== undefined) active.set(next.id, next);
  }
  for (const one of look.bad) {
    const rule = rules.get(one.rule);
    if (rule === undefined || before.active.has(one.id)) continue;
    const fresh = begin(one, rule, before.resolved.get(one.id), moment);
    const next = advance(fresh, rule, one, { ...moment, elapsedMs: 0 });
    if (next !== undefined) active.set(one.id, next);
  }
  return { active, resolved: keep(before.resolved, ended, moment.nowMs) };
}

/** What is told by another alert is gone at the look after that began to fire: until then both stand in one incident. */
function standingOf(
  { rule, subject }: AlertMemory,
  look: Look,
  active: AlertMemories['active'],
): Exclude<Standing, ToldInstead> {
  const standing = look.standing(rule, subject);
  if (typeof standing === 'string') return standing;
  return active.get(standing.by)?.state === 'firing' ? 'gone' : 'unknown';
}

function begin(found: Finding, rule: Rule, last: AlertMemory | undefined, { nowMs }: Moment): AlertMemory {
  const flapped = last?.resolvedAtMs !== undefined && nowMs - last.resolvedAtMs < flapMs;
  return {
    ...found,
    severity: rule.severity,
    state: 'watched',
    pendingSinceMs: nowMs,
    heldMs: 0,
    quietMs: 0,
    unknownMs: 0,
    looks: '',
    flaps: flapped ? last.flaps + 1 : 0,
    saidAtMs: nowMs,
  };
}

/** The memory after one more look; `undefined`: it was nothing worth telling. */
function advance(
  memory: AlertMemory,
  rule: Rule,
  standing: Finding | Exclude<Standing, ToldInstead>,
  moment: Moment,
): AlertMemory | undefined {
  const { elapsedMs } = moment;
  if (standing === 'gone') return end(memory, moment);
  if (standing === 'unknown') {
    const unknownMs = memory.unknownMs + elapsedMs;
    return unknownMs > heldUnknownMs ? end(memory, moment) : { ...memory, unknownMs };
  }
  const isBad = standing !== 'good';
  const next: AlertMemory = {
    ...memory,
    severity: rule.severity,
    looks: (memory.looks + (isBad ? 'x' : '.')).slice(-rule.damping.of),
    heldMs: memory.heldMs + elapsedMs,
    quietMs: isBad ? 0 : memory.quietMs + elapsedMs,
    unknownMs: 0,
  };
  if (isBad) say(next, standing, moment.nowMs);
  if (isBad && standing.way === 'known') next.way = 'known';
  return move(next, rule, isBad, moment);
}

/** Where the looks so far lead it. */
function move(memory: AlertMemory, rule: Rule, isBad: boolean, moment: Moment): AlertMemory | undefined {
  const badLooks = memory.looks.split('x').length - 1;
  const holds = badLooks >= rule.damping.bad;
  switch (memory.state) {
    case 'watched':
      if (badLooks === 0) return undefined;
      return holds ? move({ ...memory, state: 'pending' }, rule, isBad, moment) : memory;
    case 'pending':
      if (!holds) return undefined;
      // Never told at a moment at which it is well.
      if (!isBad || memory.heldMs < rule.forMs) return memory;
      return { ...memory, state: 'firing', firingSinceMs: moment.nowMs };
    case 'firing':
      if (holds || (memory.flaps > 0 && memory.quietMs < flapMs)) return memory;
      return end(memory, moment);
    case 'resolved':
      return memory;
  }
}

function say(memory: AlertMemory, found: Finding, nowMs: number): void {
  if (nowMs - memory.saidAtMs < sayAgainMs) return;
  const { summary, value, threshold, subject, blame, members } = found;
  Object.assign(memory, { summary, value, threshold, subject, blame, members, saidAtMs: nowMs });
}

/** What fired is resolved; what did not was nothing. */
function end(memory: AlertMemory, { nowMs }: Moment): AlertMemory | undefined {
  return memory.state === 'firing' ? { ...memory, state: 'resolved', resolvedAtMs: nowMs } : undefined;
}

function keep(
  before: ReadonlyMap<string, AlertMemory>,
  ended: readonly AlertMemory[],
  nowMs: number,
): ReadonlyMap<string, AlertMemory> {
  const isYoung = ({ resolvedAtMs }: AlertMemory) => nowMs - (resolvedAtMs ?? 0) < keptMs;
  const oldest = before.values().next().value;
  if (ended.length === 0 && (oldest === undefined || isYoung(oldest))) return before;
  const all = new Map(before);
  for (const one of ended) {
    // The newest stand last.
    all.delete(one.id);
    all.set(one.id, one);
  }
  return new Map([...all].filter(([, one]) => isYoung(one)).slice(-mostResolved));
}
