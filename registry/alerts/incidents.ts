import { createHash } from 'node:crypto';
import { severities, type Severity } from '@netring/contract/alert';
import type { IncidentCrossing } from '@netring/contract/crossing';
import { flapMs, type AlertMemory } from './alert-state.ts';
import { causeKey, explains, isWider, type Cause } from './causes.ts';
import type { Ground } from './ground.ts';
import type { Group } from './grouping.ts';
import { sentenceOf } from './sentence.ts';

/** What is remembered of an incident from look to look. Times are epoch milliseconds of the store's clock. */
export interface IncidentMemory {
  id: string;
  cause: Cause;
  severity: Severity;
  state: 'open' | 'resolved';
  summary: string;
  startedMs: number;
  /** When something worth telling changed: it opened, it is worse, its cause is wider, it is over. */
  changedMs: number;
  resolvedAtMs?: number;
  /** Ids of its alerts, those that are over too. */
  alerts: string[];
  /** What runs over it, or did before its traffic stopped. */
  crossing?: IncidentCrossing;
}

/** What was resolved is shown for a day. */
const keptMs = 24 * 3_600_000;
const mostKept = 200;

/**
 * The incidents after one more look, a pure function: an open one goes on as long as any alert has its cause, also while
 * only a part of them is left; a narrower one grows into a wider; one that comes back soon is the same.
 */
export function follow(
  before: readonly IncidentMemory[],
  groups: readonly Group[],
  ground: Ground,
  nowMs: number,
): IncidentMemory[] {
  const open = before.filter(({ state }) => state === 'open');
  const around = { ground, nowMs, everything: groups.flatMap(({ alerts }) => alerts) };
  const heirs = inherit(open, groups);
  const after: IncidentMemory[] = [];
  const swallowed = new Set<string>();
  for (const { cause, alerts, from } of heirs) {
    const [first, ...others] = [...from].sort((a, b) => a.startedMs - b.startedMs || (a.id < b.id ? -1 : 1));
    for (const one of others) swallowed.add(one.id);
    const last = first ?? reopened(before, cause, nowMs);
    const next = last === undefined ? begin(cause, alerts, around) : goOn(last, cause, alerts, around);
    if (next !== undefined) after.push(next);
  }
  const going = new Set([...after.map(({ id }) => id), ...swallowed]);
  const over = before
    .filter(({ id }) => !going.has(id))
    .map((one) =>
      one.state === 'open'
        ? { ...one, state: 'resolved' as const, resolvedAtMs: nowMs, changedMs: nowMs }
        : one,
    )
    .filter(({ resolvedAtMs }) => nowMs - (resolvedAtMs ?? 0) < keptMs)
    .slice(-mostKept);
  return [...over, ...ownAlerts(after, heirs)];
}

/** An alert that has gone over to another incident is no longer one of the first. */
function ownAlerts(incidents: readonly IncidentMemory[], heirs: readonly Heir[]): IncidentMemory[] {
  const now = new Map(heirs.flatMap(({ cause, alerts }) => alerts.map(({ id }) => [id, causeKey(cause)])));
  return incidents.map((one) => {
    const key = causeKey(one.cause);
    return { ...one, alerts: one.alerts.filter((id) => (now.get(id) ?? key) === key) };
  });
}

interface Around {
  ground: Ground;
  nowMs: number;
  /** All alerts, of whatever cause. */
  everything: readonly AlertMemory[];
}

interface Heir extends Group {
  from: IncidentMemory[];
}

/** Which open incidents each group goes on with. */
function inherit(open: readonly IncidentMemory[], groups: readonly Group[]): Heir[] {
  const byKey = new Map(open.map((one) => [causeKey(one.cause), one]));
  const heirs = new Map<string, Heir>();
  const rest: Group[] = [];
  for (const group of groups) {
    const same = byKey.get(causeKey(group.cause));
    if (same === undefined) rest.push(group);
    else heirs.set(causeKey(group.cause), { ...group, from: [same] });
  }
  const taken = new Set([...heirs.values()].flatMap(({ from }) => from.map(({ id }) => id)));
  for (const group of rest) {
    const wider = open.find((one) => isWider(one.cause, group.cause) && stillExplains(one, group));
    if (wider !== undefined) join(heirs, wider, group);
    else {
      const narrower = open.filter((one) => !taken.has(one.id) && grewInto(one, group));
      for (const { id } of narrower) taken.add(id);
      heirs.set(causeKey(group.cause), { ...group, from: narrower });
    }
  }
  return [...heirs.values()];
}

/** A part of it is left, and nothing that it does not explain. */
function stillExplains(one: IncidentMemory, group: Group): boolean {
  return group.alerts.every((alert) => explains(one.cause, alert)) && shares(one, group);
}

function shares({ alerts }: IncidentMemory, group: Group): boolean {
  const known = new Set(alerts);
  return group.alerts.some(({ id }) => known.has(id));
}

function grewInto(one: IncidentMemory, group: Group): boolean {
  return isWider(group.cause, one.cause) && shares(one, group);
}

function join(heirs: Map<string, Heir>, into: IncidentMemory, group: Group): void {
  const key = causeKey(into.cause);
  const heir = heirs.get(key);
  if (heir === undefined) heirs.set(key, { cause: into.cause, alerts: group.alerts, from: [into] });
  else heirs.set(key, { ...heir, alerts: [...heir.alerts, ...group.alerts] });
}

/** The same cause was over a little while ago. */
function reopened(
  before: readonly IncidentMemory[],
  cause: Cause,
  nowMs: number,
): IncidentMemory | undefined {
  const key = causeKey(cause);
  return before.find(
    (one) =>
      one.state === 'resolved' && nowMs - (one.resolvedAtMs ?? 0) < flapMs && causeKey(one.cause) === key,
  );
}

/** `undefined` as long as nothing of it is worth telling. */
function begin(
  cause: Cause,
  alerts: readonly AlertMemory[],
  { ground, nowMs, everything }: Around,
): IncidentMemory | undefined {
  if (!isTold(alerts)) return undefined;
  const startedMs = Math.min(...alerts.map(({ pendingSinceMs }) => pendingSinceMs));
  const id = createHash('sha256')
    .update(`${causeKey(cause)} ${startedMs}`)
    .digest('hex')
    .slice(0, 12);
  return {
    id,
    cause,
    severity: severityOf(cause, alerts),
    state: 'open',
    summary: sentenceOf(cause, alerts, ground, everything),
    startedMs,
    changedMs: nowMs,
    alerts: alerts.map((one) => one.id).sort(),
  };
}

function goOn(
  last: IncidentMemory,
  cause: Cause,
  alerts: readonly AlertMemory[],
  { ground, nowMs, everything }: Around,
): IncidentMemory | undefined {
  // What merely pends may be an echo of what is over; but what was slow or lossy and is down is not well in between.
  if (!isTold(alerts) && !(last.state === 'open' && alerts.some(isDown))) return undefined;
  const worst = worseOf(last.severity, severityOf(cause, alerts));
  const isNews =
    last.state === 'resolved' || worst !== last.severity || causeKey(cause) !== causeKey(last.cause);
  const { resolvedAtMs: _, ...rest } = last;
  return {
    ...rest,
    cause,
    severity: worst,
    state: 'open',
    summary: sentenceOf(cause, alerts, ground, everything),
    changedMs: isNews ? nowMs : last.changedMs,
    alerts: [...new Set([...last.alerts, ...alerts.map((one) => one.id)])].sort(),
  };
}

function isDown({ rule, severity }: AlertMemory): boolean {
  return (rule === 'connectivity_down' || rule === 'member_down') && severity !== 'info';
}

function isTold(alerts: readonly AlertMemory[]): boolean {
  return alerts.some(({ state, severity }) => state === 'firing' && severity !== 'info');
}

/** A site that is cut off is critical, whatever its single paths are. */
function severityOf(cause: Cause, alerts: readonly AlertMemory[]): Severity {
  const cut = alerts.some(({ rule, severity }) => rule === 'connectivity_down' && severity !== 'info');
  if (cause.kind === 'location' && cut) return 'critical';
  const told = alerts.filter(({ state }) => state === 'firing');
  return told.map(({ severity }) => severity).reduce(worseOf, 'info');
}

function worseOf(a: Severity, b: Severity): Severity {
  return severities.indexOf(a) <= severities.indexOf(b) ? a : b;
}
