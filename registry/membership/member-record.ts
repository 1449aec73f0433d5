import type { RegisterRequest } from '@netring/contract/member';
import type { SignedAnswer } from '@netring/contract/proof';

/** What the store keeps of a member. When it was last seen stands apart, since it changes all the time. */
export interface MemberRecord {
  instance_id: string;
  location: string;
  ip: string;
  port: number;
  registered_at_ms: number;
  deregistered_at_ms?: number | undefined;
  boot?: string | undefined;
  version?: string | undefined;
  heartbeat_interval_ms: number;
  check_interval_ms: number;
  external_targets: NonNullable<RegisterRequest['external_targets']>;
  /** From where it registered, to bound how many unproved members one address can make. */
  registered_from: string;
  /** The signed answer of its address, once somebody has it. */
  proof?: SignedAnswer | undefined;
}

/** Default of COMPAT's `heartbeat_interval`, for members that do not say theirs. */
export const defaultHeartbeatMs = 15_000;
export const defaultCheckMs = 5_000;

/** Store groups that membership owns. */
export const groups = { members: 'members', sessions: 'sessions', seen: 'seen' } as const;
