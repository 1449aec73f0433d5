import { leaseTimes, signTicket, type LeaseAnswer } from '@netring/contract/lease';
import { choose, type LastTest, type Testable, type Wish } from './choose.ts';
import type { Granter } from './granter.ts';

/** Somebody that asks for a test. */
export interface Asking {
  /** Names the question, and the lease that may come of it. */
  id: string;
  member: string;
  intervalMs: number;
}

/** A member that can be tested to, with its port. */
export type Target = Testable & { port: number };

/** The leader's desk: who asks is answered here, one after the other. */
export interface Desk {
  answer(asking: Asking): Promise<{ answer: LeaseAnswer; names: string[] }>;
}

export interface DeskNeeds {
  granter: Granter;
  /** The store's clock, epoch milliseconds. */
  nowMs: () => number;
  member: (id: string) => Testable | undefined;
  /** The proved members that the plan lets a member probe. */
  targetsOf: (id: string) => Target[];
  last: (source: string, target: string) => LastTest;
  lastOfLocations: (source: string, target: string) => LastTest;
  locationCount: () => number;
  /** Signs tickets; empty in a ring without a token. */
  token: string;
}

/** Who waits for something held asks again after a good part of a test; what was held is over soon. */
const soonMs = 5_000;
/** A wish is forgotten when its member does not come back for it. */
const wishMs = 3 * soonMs;
/**
 * From the beginning of one test of a member to that of its next, at least: a test takes some ten seconds, in which its
 * other results count for nothing. Who tests more often than by default wants that.
 */
const restMs = 60_000;
/** Beyond so many, the oldest is forgotten: its result is here, or never comes. */
const mostLeased = 10_000;

export function createDesk(needs: DeskNeeds): Desk {
  const { granter, nowMs } = needs;
  /** Leased tests whose results are not here yet, by location path and by path. */
  const leased = new Map<string, { triedMs: number; by: string }>();
  const wishes = new Map<string, Wish & { atMs: number }>();

  const withLeased = (key: string, last: LastTest): LastTest => {
    const one = leased.get(key);
    if (one === undefined || one.triedMs <= last.triedMs) return last;
    return { ...last, triedMs: one.triedMs, by: one.by };
  };
  const note = (key: string, tried: { triedMs: number; by: string }) => {
    // To the end of the map: the first in it is the oldest.
    leased.delete(key);
    leased.set(key, tried);
    const [oldest] = leased.keys();
    if (leased.size > mostLeased && oldest !== undefined) leased.delete(oldest);
  };
  const waiting = () => {
    for (const [member, { atMs }] of wishes) if (atMs < nowMs() - wishMs) wishes.delete(member);
    return [...wishes.values()];
  };
  /** Where there are more paths than can be tested in an interval, each has to wait for its turn. */
  const intervalOf = (ownMs: number) => {
    const locations = needs.locationCount();
    const atOnce = Math.max(1, Math.floor(locations / 2));
    return Math.round(Math.max(ownMs, (locations * Math.max(1, locations - 1) * restOf(ownMs)) / atOnce));
  };
  const restOf = (ownMs: number) => Math.min(restMs, ownMs / 5);
  const later = (ask_again_ms: number, reason: string, target?: Target): LeaseAnswer => ({
    status: 'later',
    ask_again_ms: Math.round(ask_again_ms),
    reason,
    ...(target && { target: target.instance_id }),
  });

  async function answer({
    id,
    member,
    intervalMs,
  }: Asking): Promise<{ answer: LeaseAnswer; names: string[] }> {
    const source = needs.member(member);
    const none = (one: LeaseAnswer) => ({ answer: one, names: [] });
    if (source === undefined) return none(later(soonMs, 'this member is not known yet'));
    const choice = choose({
      nowMs: nowMs(),
      asking: source,
      intervalMs,
      targets: needs.targetsOf(member),
      ofPath: (a, b) => withLeased(`path ${a} ${b}`, needs.last(a, b)),
      ofLocations: (a, b) => withLeased(`locations ${a} ${b}`, needs.lastOfLocations(a, b)),
      restMs: (one) => (leased.get(`member ${one}`)?.triedMs ?? -Infinity) + restOf(intervalMs) - nowMs(),
      held: granter.held(),
      waiting: waiting(),
    });
    wishes.delete(member);
    if (choice.kind === 'none') return none(later(Math.max(soonMs, choice.afterMs), choice.reason));
    if (choice.kind === 'wait') {
      wishes.set(member, { member, names: choice.names, validMs: choice.validMs, atMs: nowMs() });
      return none(later(soonMs, choice.reason, choice.target));
    }
    const { target, names } = choice;
    const grant = await granter.acquire(names, id);
    if (grant === undefined) return none(later(soonMs, 'another lease of these may still be held', target));
    const tried = { triedMs: nowMs(), by: member };
    note(`member ${member}`, tried);
    note(`member ${target.instance_id}`, tried);
    note(`path ${member} ${target.instance_id}`, tried);
    note(`locations ${source.location} ${target.location}`, tried);
    const { fence } = grant;
    const facts = { fence, source: member, target: target.instance_id, deadline_ms: leaseTimes.farEnd };
    const { instance_id, location, ip, port } = target;
    const lease = {
      id,
      fence,
      target: { instance_id, location, ip, port },
      ticket: signTicket(needs.token, facts),
      deadline_ms: leaseTimes.deadline,
      interval_ms: intervalOf(intervalMs),
    };
    return { answer: { status: 'granted', lease }, names };
  }
  return { answer };
}
