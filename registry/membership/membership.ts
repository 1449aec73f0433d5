import { randomUUID } from 'node:crypto';
import type { PlanVersion } from '@netring/contract/plan-answer';
import type { RegisterRequest } from '@netring/contract/member';
import { provesAddress, type SignedAnswer } from '@netring/contract/proof';
import type { RingTls } from '@netring/service/ring-tls';
import { appended, type Follower, type StoreClock } from '../changes/index.ts';
import type { Change, Store } from '../store/index.ts';
import { createAdmissions } from './admission.ts';
import type { Directory, Known, MembershipChange } from './directory.ts';
import { groups, recordOf, type MemberRecord } from './member-record.ts';
import { askAddress } from './question.ts';
import { newSession, sameSecret, sessionHash } from './sessions.ts';
import { isForgotten } from './status.ts';

export type Registered =
  | { outcome: 'registered'; instanceId: string; session: string }
  | { outcome: 'refused'; status: 409 | 429; code: string; message: string };

/** How a call that needs a session ended. */
export type Spoken = { outcome: 'ok' } | { outcome: 'unknown_member' } | { outcome: 'wrong_session' };

export interface MembershipOptions {
  memberTtlMs: number;
  maxMembers: number;
  /** Join tokens that are valid now; none: no address proof, no session asked of who sends none. */
  tokens: readonly string[];
  /** What members that speak TLS are believed through. */
  tls: Pick<RingTls, 'trust'>;
  /** Names the order in which the plan is probed, which is told with it; empty where there is none. */
  orderVersion?: () => string;
}

/** Register, heartbeat, deregister, prove, forget. */
export interface Membership {
  register(request: RegisterRequest, from: string): Promise<Registered>;
  heartbeat(id: string, session: string | undefined): Promise<Spoken>;
  deregister(id: string, session: string | undefined): Promise<Spoken>;
  /** The hash to hold a call's session against; `undefined` when this member is unknown. */
  expectedSession(id: string, session: string | undefined): Promise<string | undefined>;
  /** Whether `session` is that of any member. */
  isAnySession(session: string): boolean;
  /** Takes signed answers that members have got; those that prove nothing are passed over. */
  prove(answers: readonly SignedAnswer[]): Promise<void>;
  plan(): PlanVersion;
  /** Removes who is kept no longer; how many that were. */
  sweep(): Promise<number>;
}

/** The rotating part of the plan moves on this often. */
const epochMs = 5 * 60_000;
/** How long a call waits until its change stands in this replica's own picture. */
const ownChangeLimitMs = 1_000;

type Put = NonNullable<Change['put']>[number];

export function createMembership(
  store: Store,
  directory: Directory,
  follower: Follower,
  clock: StoreClock,
  options: MembershipOptions,
): Membership {
  const admissions = createAdmissions(options.maxMembers);
  const tokenless = options.tokens.length === 0;

  async function commitMember(
    record: MemberRecord,
    before: Known | undefined,
    registered?: { session: string; seenMs: number },
  ): Promise<boolean> {
    const change: MembershipChange = { kind: 'member', record, ...registered };
    const key = record.instance_id;
    const put: Put[] = [{ group: groups.members, key, value: JSON.stringify(record) }];
    if (registered !== undefined) {
      put.push({ group: groups.sessions, key, value: registered.session });
      put.push({ group: groups.seen, key, value: String(registered.seenMs) });
    }
    const committed = await store.commit({
      require: [{ group: groups.members, key, equals: before?.stored }],
      put,
      append: appended(change),
    });
    if (committed.outcome !== 'done') return false;
    await follower.reached(committed.logId, ownChangeLimitMs);
    return true;
  }

  async function register(request: RegisterRequest, from: string): Promise<Registered> {
    const id = request.instance_id ?? randomUUID();
    // From the store: the picture may lag behind another replica, or behind a flush.
    const before = await stored(id);
    const conflict = before === undefined ? undefined : await takeover(before, request);
    if (conflict) return conflict;
    const record = recordOf(id, request, before?.record, from, clock.nowMs());
    const others = [...directory.all()].map((known) => known.record).filter((one) => one.instance_id !== id);
    const admission = admissions.admit(from, others, tokenless || record.proof !== undefined);
    if (admission.outcome === 'refused') return { ...admission, status: 429 };
    try {
      const session = newSession();
      const seenMs = Math.round(clock.nowMs());
      const taken = await commitMember(record, before, { session: sessionHash(session), seenMs });
      if (!taken)
        return refused(
          'instance_id_taken',
          'this instance_id has just been registered by another: try again',
        );
      return { outcome: 'registered', instanceId: id, session };
    } finally {
      admission.done();
    }
  }

  /** The member as the store has it. */
  async function stored(id: string): Promise<Known | undefined> {
    const [value, seen] = await store.table.getMany([
      { group: groups.members, key: id },
      { group: groups.seen, key: id },
    ]);
    if (value === undefined) return undefined;
    const text = value.toString('utf8');
    const lastSeenMs = Math.max(Number(seen?.toString() ?? 0), directory.get(id)?.lastSeenMs ?? 0);
    return { record: JSON.parse(text) as MemberRecord, stored: text, lastSeenMs };
  }

  /** Why a known id may not be taken over; `undefined` when it may. */
  async function takeover(before: Known, request: RegisterRequest): Promise<Registered | undefined> {
    const status = directory.status(before, clock.nowMs(), follower.deafSpans());
    if (status === 'offline' || status === 'deregistered') return undefined;
    const { record } = before;
    if (request.session !== undefined) {
      const hash = await store.table.get(groups.sessions, record.instance_id);
      if (hash !== undefined && sameSecret(sessionHash(request.session), hash.toString())) return undefined;
    }
    if (record.ip !== request.ip || record.port !== request.port) {
      return refused(
        'instance_id_taken',
        'a live member at another address has this instance_id: give this one another NETRING_INSTANCE_ID, or wait until the other is offline',
      );
    }
    if (tokenless) return undefined;
    const { ip, port, scheme } = request;
    const claim = { instance_id: record.instance_id, ip, port, scheme };
    if ((await askAddress(claim, options.tokens, options.tls)) !== undefined) return undefined;
    return refused(
      'address_not_answering',
      'this instance_id is live and its address did not answer the address proof: is the member listening there, and does it use the same NETRING_TOKEN?' +
        (scheme === 'https' ? ' It speaks TLS: is its certificate of the CA in NETRING_TLS_CA?' : ''),
    );
  }

  async function expectedSession(id: string, session: string | undefined): Promise<string | undefined> {
    if (session !== undefined || !tokenless) return sessionHash(session ?? '');
    return (await store.table.get(groups.sessions, id))?.toString();
  }

  function spoken(committed: Awaited<ReturnType<Store['commit']>>): Spoken {
    if (committed.outcome === 'done') return { outcome: 'ok' };
    const found = committed.outcome === 'refused' ? committed.found : undefined;
    return { outcome: found === undefined ? 'unknown_member' : 'wrong_session' };
  }

  async function heartbeat(id: string, session: string | undefined): Promise<Spoken> {
    const equals = await expectedSession(id, session);
    if (equals === undefined) return { outcome: 'unknown_member' };
    const atMs = Math.round(clock.nowMs());
    const change: MembershipChange = { kind: 'seen', id, atMs };
    return spoken(
      await store.commit({
        require: [{ group: groups.sessions, key: id, equals }],
        // The very moment that the log tells, so that replicas that read it and those that load the table agree.
        put: [{ group: groups.seen, key: id, value: String(atMs) }],
        append: appended(change),
      }),
    );
  }

  async function deregister(id: string, session: string | undefined): Promise<Spoken> {
    const equals = await expectedSession(id, session);
    const before = await stored(id);
    if (equals === undefined || before === undefined) return { outcome: 'unknown_member' };
    const record = { ...before.record, deregistered_at_ms: clock.nowMs() };
    const change: MembershipChange = { kind: 'member', record, session: null };
    const committed = await store.commit({
      require: [{ group: groups.sessions, key: id, equals }],
      put: [{ group: groups.members, key: id, value: JSON.stringify(record) }],
      remove: [{ group: groups.sessions, key: id }],
      append: appended(change),
    });
    if (committed.outcome === 'done') await follower.reached(committed.logId, ownChangeLimitMs);
    return spoken(committed);
  }

  async function prove(answers: readonly SignedAnswer[]): Promise<void> {
    for (const answer of answers) {
      const known = directory.get(answer.instance_id);
      if (known === undefined || known.record.proof !== undefined) continue;
      if (!options.tokens.some((token) => provesAddress(token, known.record, answer))) continue;
      await commitMember({ ...known.record, proof: answer }, known);
    }
  }

  async function sweep(): Promise<number> {
    const nowMs = clock.nowMs();
    const ids = [...directory.all()]
      .filter(({ record, lastSeenMs }) =>
        isForgotten(
          { lastSeenMs, deregisteredAtMs: record.deregistered_at_ms, memberTtlMs: options.memberTtlMs },
          nowMs,
          follower.deafSpans(),
        ),
      )
      .map(({ record }) => record.instance_id);
    if (ids.length === 0) return 0;
    const remove = ids.flatMap((key) =>
      [groups.members, groups.sessions, groups.seen].map((group) => ({ group, key })),
    );
    const change: MembershipChange = { kind: 'forgotten', ids };
    await store.commit({ remove, append: appended(change) });
    return ids.length;
  }

  return {
    register,
    heartbeat,
    deregister,
    expectedSession,
    isAnySession: (session) => directory.hasSession(sessionHash(session)),
    prove,
    plan: () => ({
      version: [directory.planVersion(), options.orderVersion?.() ?? ''].filter(Boolean).join('.'),
      epoch: Math.floor(clock.nowMs() / epochMs),
    }),
    sweep,
  };
}

function refused(code: string, message: string): Registered {
  return { outcome: 'refused', status: 409, code, message };
}
