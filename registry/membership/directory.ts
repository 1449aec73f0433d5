import { createHash } from 'node:crypto';
import { externalTargetId, type MemberStatus, type MemberView } from '@netring/contract/member';
import type { PlanMember } from '@netring/contract/plan-answer';
import type { ChangeEntry, Fold, Span } from '../changes/index.ts';
import { groups, type MemberRecord } from './member-record.ts';
import { memberStatus } from './status.ts';

/** Entries of the change log that are membership's. */
export type MembershipChange =
  | {
      kind: 'member';
      record: MemberRecord;
      seenMs?: number;
      /** Hash; null when it ended. */ session?: string | null;
    }
  | { kind: 'forgotten'; ids: string[] }
  | { kind: 'seen'; id: string; atMs: number };

/** A member as known here. */
export interface Known {
  record: MemberRecord;
  /** The record as it stands in the store, to change it only if nobody else has. */
  stored: string;
  lastSeenMs: number;
}

/** What the paths room knows of a member: what others see of it, and what it says of itself. */
export type Heard = Pick<MemberView, 'peers' | 'probes_off' | 'clock_ahead_ms' | 'schedule'>;

/** Who is there: the fold of membership's changes. */
export interface Directory extends Fold {
  get(id: string): Known | undefined;
  all(): Iterable<Known>;
  size(): number;
  /** Whether any member speaks with the session of this hash. */
  hasSession(hash: string): boolean;
  /** Notes a sign of life that this replica has seen itself. */
  saw(id: string, atMs: number): void;
  /** Grows with every change of a record; not with signs of life. */
  revision(): number;
  /** Members of the plan: everyone that has not said goodbye. */
  planMembers(): PlanMember[];
  planVersion(): string;
  status(known: Known, nowMs: number, deafSpans: readonly Span[]): MemberStatus;
  view(known: Known, nowMs: number, deafSpans: readonly Span[], heard: Heard): MemberView;
}

/** @param addressProof false: nobody needs to prove an address (no token). */
export function createDirectory(memberTtlMs: number, addressProof: boolean): Directory {
  let members = new Map<string, Known>();
  let sessions = new Map<string, string>();
  let revision = 0;
  let plan: { revision: number; members: PlanMember[]; version: string } | undefined;

  function set(record: MemberRecord, seenMs: number): void {
    const before = members.get(record.instance_id);
    const lastSeenMs = Math.max(before?.lastSeenMs ?? 0, seenMs);
    members.set(record.instance_id, { record, stored: JSON.stringify(record), lastSeenMs });
    revision++;
  }

  function applyOne(change: MembershipChange): void {
    switch (change.kind) {
      case 'member':
        if (change.session === null) sessions.delete(change.record.instance_id);
        else if (change.session !== undefined) sessions.set(change.record.instance_id, change.session);
        return set(change.record, change.seenMs ?? 0);
      case 'seen':
        return saw(change.id, change.atMs);
      case 'forgotten':
        for (const id of change.ids) {
          members.delete(id);
          sessions.delete(id);
        }
        revision++;
    }
  }

  function saw(id: string, atMs: number): void {
    const known = members.get(id);
    if (known) known.lastSeenMs = Math.max(known.lastSeenMs, atMs);
  }

  function currentPlan() {
    if (plan?.revision === revision) return plan;
    const list = planMembersOf(members.values());
    plan = { revision, members: list, version: versionOf(list) };
    return plan;
  }

  const status: Directory['status'] = (known, nowMs, deafSpans) =>
    memberStatus(
      {
        lastSeenMs: known.lastSeenMs,
        heartbeatIntervalMs: known.record.heartbeat_interval_ms,
        memberTtlMs,
        deregistered: known.record.deregistered_at_ms !== undefined,
      },
      nowMs,
      deafSpans,
    );

  return {
    async load(store) {
      const [records, seen, hashes] = await Promise.all([
        store.table.list(groups.members),
        store.table.list(groups.seen),
        store.table.list(groups.sessions),
      ]);
      sessions = new Map([...hashes].map(([id, hash]) => [id, hash.toString()]));
      members = new Map();
      for (const [id, value] of records) {
        const stored = value.toString('utf8');
        members.set(id, {
          record: JSON.parse(stored) as MemberRecord,
          stored,
          lastSeenMs: Number(seen.get(id)?.toString() ?? 0),
        });
      }
      revision++;
    },
    apply(entries: readonly ChangeEntry[]) {
      for (const entry of entries) applyOne(entry as MembershipChange);
    },
    get: (id) => members.get(id),
    all: () => members.values(),
    size: () => members.size,
    hasSession: (hash) => [...sessions.values()].includes(hash),
    saw,
    revision: () => revision,
    planMembers: () => currentPlan().members,
    planVersion: () => currentPlan().version,
    status,
    view: (known, nowMs, deafSpans, peers) =>
      viewOf(known, status(known, nowMs, deafSpans), peers, addressProof),
  };
}

function viewOf(known: Known, status: MemberStatus, heard: Heard, addressProof: boolean): MemberView {
  const { record } = known;
  return {
    instance_id: record.instance_id,
    location: record.location,
    ip: record.ip,
    port: record.port,
    ...(record.scheme === undefined ? {} : { scheme: record.scheme }),
    last_seen: known.lastSeenMs / 1000,
    registered_at: record.registered_at_ms / 1000,
    status,
    ...(record.deregistered_at_ms === undefined ? {} : { deregistered_at: record.deregistered_at_ms / 1000 }),
    ...(record.version === undefined ? {} : { version: record.version }),
    proved: !addressProof || record.proof !== undefined,
    ...heard,
    external_targets: record.external_targets,
  };
}

function planMembersOf(known: Iterable<Known>): PlanMember[] {
  const list: PlanMember[] = [];
  for (const { record } of known) {
    if (record.deregistered_at_ms !== undefined) continue;
    const { instance_id, location, ip, port, scheme, answers, proof } = record;
    const optional = {
      ...(scheme !== undefined && { scheme }),
      ...(answers !== undefined && { answers }),
      ...(proof !== undefined && { proof }),
    };
    list.push({ instance_id, location, ip, port, ...optional });
  }
  return list.sort((a, b) => (a.instance_id < b.instance_id ? -1 : 1));
}

function versionOf(list: readonly PlanMember[]): string {
  // The proof itself may differ from replica to replica; that there is one does not.
  const facts = list.map((one) => [
    one.instance_id,
    one.location,
    one.ip,
    one.port,
    one.proof !== undefined,
    one.answers,
    one.scheme,
  ]);
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 16);
}

/** The ids of the external targets that a member probes. */
export function externalTargetIds(record: MemberRecord): Set<string> {
  return new Set(record.external_targets.map(externalTargetId));
}
