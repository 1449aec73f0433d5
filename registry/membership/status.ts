import type { MemberStatus } from '@netring/contract/member';
import type { Span } from '../changes/index.ts';

/** How long a registry was listening between two moments: silence counts only while somebody could have heard. */
export function listenedMs(fromMs: number, toMs: number, deafSpans: readonly Span[]): number {
  let listened = toMs - fromMs;
  for (const span of deafSpans) {
    listened -= Math.max(0, Math.min(span.toMs, toMs) - Math.max(span.fromMs, fromMs));
  }
  return Math.max(0, listened);
}

/** What a status is made of. */
export interface StatusFacts {
  lastSeenMs: number;
  heartbeatIntervalMs: number;
  memberTtlMs: number;
  deregistered: boolean;
}

/** The status of a member at `nowMs`: a pure function of the registry's clock. */
export function memberStatus(facts: StatusFacts, nowMs: number, deafSpans: readonly Span[]): MemberStatus {
  if (facts.deregistered) return 'deregistered';
  const silentMs = listenedMs(facts.lastSeenMs, nowMs, deafSpans);
  if (silentMs <= 2 * facts.heartbeatIntervalMs) return 'online';
  // A member that means to be heard less often than the TTL is not dead in between.
  if (silentMs <= Math.max(facts.memberTtlMs, 3 * facts.heartbeatIntervalMs)) return 'stale';
  return 'offline';
}

/** Kept so long after the last sign of life, so that the dead are seen. */
export const offlineKeptMs = 24 * 3_600_000;
/** Kept so long after a goodbye. */
export const deregisteredKeptMs = 3_600_000;

/** Whether a member is kept no longer. */
export function isForgotten(
  facts: { lastSeenMs: number; deregisteredAtMs: number | undefined; memberTtlMs: number },
  nowMs: number,
  deafSpans: readonly Span[],
): boolean {
  if (facts.deregisteredAtMs !== undefined) return nowMs - facts.deregisteredAtMs > deregisteredKeptMs;
  return listenedMs(facts.lastSeenMs, nowMs, deafSpans) > facts.memberTtlMs + offlineKeptMs;
}
