import type { Alert, AlertsAnswer, Incident } from '@netring/contract/alert';
import { causeKey } from '../causes.ts';
import type { Part } from './alertmanager.ts';
import type { Gone, Policy, Progress, Standing } from './due.ts';

/** What is kept of who was told what, by incident, and how receivers do; as it stands in the store. */
export interface DeliveryState {
  accounts: Record<string, Account>;
  receivers: Record<string, Health>;
}

export const nothingTold: DeliveryState = { accounts: {}, receivers: {} };

/** How a receiver takes what it gets. Times are epoch milliseconds. */
export interface Health {
  lastSuccessMs?: number;
  lastFailureMs?: number;
  /** Tries that failed in a row. */
  failures: number;
  error?: string;
}

/** One incident, and what every receiver knows of it. Times are epoch milliseconds. */
export interface Account {
  /** As it was seen last, so that its end can be told when it is no more. */
  last: Pick<Incident, 'id' | 'cause' | 'severity' | 'summary' | 'started_ms'>;
  /** One of its alerts: leads to the incident that it became a part of. */
  alert: string | undefined;
  open: boolean;
  openedMs: number;
  /** The hop that slows it has been named, and something is down; what is known is not unknown again. */
  hopKnown: boolean;
  downKnown: boolean;
  /** Since when it is no more. */
  goneMs?: number;
  progress: Record<string, Progress & { parts?: Part[] }>;
}

/** The end of an incident that is no more is tried to be told so long. */
const goneKeptMs = 24 * 3_600_000;
/** 500 bytes each. Above it what is settled is forgotten first. */
const mostAccounts = 2_000;

/** The accounts after a look. */
export interface Kept {
  state: DeliveryState;
  changed: boolean;
  /** By receiver, once for each incident: it was never told what it should have been. */
  givenUp: string[];
  /** Open incidents for which there is no room: nobody is told of them. */
  untold: number;
}

/** The accounts after a look at the incidents: a pure function. What nobody has to be told any more is dropped. */
export function keepAccounts(
  before: DeliveryState,
  answer: AlertsAnswer,
  receivers: ReadonlyMap<string, Pick<Policy, 'tellsLate'>>,
): Kept {
  const incidents = new Map(answer.incidents.map((one) => [one.id, one]));
  const alerts = new Map(answer.alerts.map((one) => [one.id, one]));
  const accounts: Record<string, Account> = {};
  const givenUp: string[] = [];
  let changed = false;
  for (const [id, account] of Object.entries(before.accounts)) {
    const incident = incidents.get(id);
    const known = withoutStrangers(account, receivers);
    const next = incident === undefined ? ended(known, answer.now_ms) : goOn(known, incident, alerts);
    if (next !== undefined) accounts[id] = next;
    else givenUp.push(...neverTold(known, receivers, isPart(known, alerts)));
    if (next === undefined || isOther(account, next)) changed = true;
  }
  const fresh = answer.incidents.filter(({ id, state }) => state === 'open' && accounts[id] === undefined);
  makeRoom(accounts, fresh.length);
  const room = Math.max(0, mostAccounts - Object.keys(accounts).length);
  for (const incident of fresh.slice(0, room)) {
    accounts[incident.id] = opened(incident, alerts);
    changed = true;
  }
  const state = { accounts, receivers: healthOf(before, receivers) };
  return { state, changed, givenUp, untold: Math.max(0, fresh.length - room) };
}

/** Forgets, as far as `wanted` need the room, incidents that are over and whose end is owed to nobody. */
function makeRoom(accounts: Record<string, Account>, wanted: number): void {
  const kept = Object.entries(accounts);
  const excess = kept.length + wanted - mostAccounts;
  if (excess <= 0) return;
  const settled = kept.filter(
    ([, { open, progress }]) => !open && Object.values(progress).every(({ state }) => state === 'resolved'),
  );
  for (const [id] of settled.slice(0, excess)) delete accounts[id];
}

function opened(incident: Incident, alerts: ReadonlyMap<string, Alert>): Account {
  return {
    last: lastOf(incident),
    alert: incident.alerts[0],
    open: true,
    openedMs: incident.changed_ms,
    hopKnown: fires(incident, alerts, isHop),
    // What pends is in the sentence: that it fires later is no news.
    downKnown: has(incident, alerts, isDown),
    progress: {},
  };
}

function goOn(account: Account, incident: Incident, alerts: ReadonlyMap<string, Alert>): Account {
  const { goneMs: _, ...rest } = account;
  const open = incident.state === 'open';
  const isBack = open && !account.open;
  return {
    ...rest,
    last: lastOf(incident),
    alert: incident.alerts[0] ?? account.alert,
    open,
    openedMs: isBack ? incident.changed_ms : account.openedMs,
    hopKnown: (!isBack && account.hopKnown) || fires(incident, alerts, isHop),
    downKnown: isBack ? has(incident, alerts, isDown) : account.downKnown || fires(incident, alerts, isDown),
  };
}

/** What has become a part of another, or is kept no longer: its end is owed to those who were told of it. */
function ended(account: Account, nowMs: number): Account | undefined {
  const isWaited = Object.values(account.progress).some(({ state }) => state === 'firing');
  const goneMs = account.goneMs ?? nowMs;
  return isWaited && nowMs - goneMs < goneKeptMs ? { ...account, goneMs } : undefined;
}

/** Who is not told the end, or was not told of anything and wants to be also when it is over. */
function neverTold(
  { progress }: Account,
  receivers: Parameters<typeof keepAccounts>[2],
  isPart: boolean,
): string[] {
  const isMissed = (id: string, state: Progress['state']) =>
    state === 'firing' || (state === 'owed' && !isPart && receivers.get(id)?.tellsLate === true);
  return Object.entries(progress).flatMap(([id, { state }]) => (isMissed(id, state) ? [id] : []));
}

/** What has become a part of another is told with that. */
function isPart({ alert, last }: Account, alerts: ReadonlyMap<string, Alert>): boolean {
  const into = alerts.get(alert ?? '')?.incident;
  return into !== undefined && into !== last.id;
}

function lastOf({ id, cause, severity, summary, started_ms }: Incident): Account['last'] {
  return { id, cause, severity, summary, started_ms };
}

const isHop = ({ rule }: Alert) => rule === 'high_hop_latency';
const isDown = ({ rule }: Alert) => rule === 'connectivity_down' || rule === 'member_down';

function has(
  { alerts: ids }: Incident,
  alerts: ReadonlyMap<string, Alert>,
  is: (one: Alert) => boolean,
): boolean {
  return ids.flatMap((id) => alerts.get(id) ?? []).some((one) => one.state !== 'resolved' && is(one));
}

function fires(incident: Incident, alerts: ReadonlyMap<string, Alert>, is: (one: Alert) => boolean): boolean {
  return has(incident, alerts, (one) => one.state === 'firing' && is(one));
}

function withoutStrangers(account: Account, receivers: ReadonlyMap<string, unknown>): Account {
  const entries = Object.entries(account.progress);
  const ours = entries.filter(([id]) => receivers.has(id));
  return ours.length === entries.length ? account : { ...account, progress: Object.fromEntries(ours) };
}

function healthOf(
  { receivers }: DeliveryState,
  ids: ReadonlyMap<string, unknown>,
): DeliveryState['receivers'] {
  return Object.fromEntries(Object.entries(receivers).filter(([id]) => ids.has(id)));
}

/** Whether it differs in what a restart must not forget; sentences are seen again. */
function isOther(a: Account, b: Account): boolean {
  return (
    a.open !== b.open ||
    a.openedMs !== b.openedMs ||
    a.hopKnown !== b.hopKnown ||
    a.downKnown !== b.downKnown ||
    a.goneMs !== b.goneMs ||
    a.progress !== b.progress
  );
}

/** How an incident stands for a receiver. */
export function standingOf(
  account: Account,
  incident: Incident | undefined,
  alerts: ReadonlyMap<string, Alert>,
  policy: Policy,
): Standing | Gone {
  if (incident === undefined) return { state: 'gone', sinceMs: account.goneMs ?? 0 };
  const { state, silenced, severity, cause } = incident;
  const facts = [severity, causeKey(cause), account.hopKnown, account.downKnown];
  // Which of its alerts fire is news only to who keeps the state of each.
  const rules = policy.isState ? firingRules(incident, alerts) : [];
  return { state, silenced, openedMs: account.openedMs, facts: JSON.stringify([...facts, ...rules]) };
}

function firingRules(incident: Incident, alerts: ReadonlyMap<string, Alert>): string[] {
  const firing = incident.alerts.flatMap((id) => alerts.get(id) ?? []).filter(isFiring);
  return [...new Set(firing.map(({ rule }) => rule))].sort();
}

/** Whether receivers are told of an alert: what is merely news is not, nor what is silenced by itself. */
export function isFiring({ state, severity, silenced_by }: Alert): boolean {
  return state === 'firing' && severity !== 'info' && silenced_by.length === 0;
}
