import { externalTargetId, type RegisterRequest } from '@netring/contract/member';
import type { SignedAnswer } from '@netring/contract/proof';

/** What the store keeps of a member. When it was last seen stands apart, since it changes all the time. */
export interface MemberRecord {
  instance_id: string;
  location: string;
  ip: string;
  port: number;
  registered_at_ms: number;
  /** When it registered at another location than before; absent: it never did. */
  moved_at_ms?: number | undefined;
  /** By id of its external targets: when it registered with another address of one. */
  targets_moved_ms?: Record<string, number> | undefined;
  deregistered_at_ms?: number | undefined;
  boot?: string | undefined;
  version?: string | undefined;
  heartbeat_interval_ms: number;
  check_interval_ms: number;
  external_targets: NonNullable<RegisterRequest['external_targets']>;
  answers?: RegisterRequest['answers'];
  scheme?: RegisterRequest['scheme'];
  /** From where it registered, to bound how many unproved members one address can make. */
  registered_from: string;
  /** The signed answer of its address, once somebody has it. */
  proof?: SignedAnswer | undefined;
}

/** Default of `heartbeat_interval`, for members that do not say theirs. */
const defaultHeartbeatMs = 15_000;
const defaultCheckMs = 5_000;

/** What is kept of a registration that came from `from`, in the place of `before`. */
export function recordOf(
  id: string,
  request: RegisterRequest,
  before: MemberRecord | undefined,
  from: string,
  nowMs: number,
): MemberRecord {
  const same = before?.ip === request.ip && before.port === request.port;
  return {
    instance_id: id,
    location: request.location,
    ip: request.ip,
    port: request.port,
    registered_at_ms: nowMs,
    moved_at_ms:
      before === undefined || before.location === request.location ? before?.moved_at_ms : Math.round(nowMs),
    targets_moved_ms: targetsMovedMs(request.external_targets ?? [], before, Math.round(nowMs)),
    boot: request.boot,
    version: request.version,
    heartbeat_interval_ms: request.heartbeat_interval_ms ?? defaultHeartbeatMs,
    check_interval_ms: request.check_interval_ms ?? defaultCheckMs,
    external_targets: request.external_targets ?? [],
    answers: request.answers,
    scheme: request.scheme,
    registered_from: from,
    // An address that has answered stays proved; a new one has to answer itself.
    proof: same ? before?.proof : undefined,
  };
}

function targetsMovedMs(
  targets: MemberRecord['external_targets'],
  before: MemberRecord | undefined,
  nowMs: number,
): Record<string, number> | undefined {
  const moved = targets.flatMap((target) => {
    const id = externalTargetId(target);
    const old = before?.external_targets.find((one) => one.name === target.name);
    const isMoved = old !== undefined && old.address !== target.address;
    const ms = isMoved ? nowMs : before?.targets_moved_ms?.[id];
    return ms === undefined ? [] : [[id, ms] as const];
  });
  return moved.length === 0 ? undefined : Object.fromEntries(moved);
}

/** When either end of a path last came to another place, as far as is known; 0: never. An address alone is no place. */
export function movedAtMs(
  source: MemberRecord | undefined,
  target: MemberRecord | undefined,
  targetId: string,
): number {
  const ends = [source?.moved_at_ms, source?.targets_moved_ms?.[targetId], target?.moved_at_ms];
  return Math.max(0, ...ends.filter((ms) => ms !== undefined));
}

/** Store groups that membership owns. */
export const groups = { members: 'members', sessions: 'sessions', seen: 'seen' } as const;
