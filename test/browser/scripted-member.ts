import type { MemberDetailAnswer } from '@netring/contract/member-detail';
import type { MemberView } from '@netring/contract/member';

/** What a registry answers when it is asked for one member: seven paths, one of them down. */
export function scriptedMember(member: MemberView): MemberDetailAnswer {
  const nowMs = Date.now();
  const states = { ok: 6, degraded: 0, down: 1, unknown: 0, unproved: 0 };
  return {
    now_ms: nowMs,
    member,
    measures: {
      states,
      latency_ms: 83.4,
      checks: 336,
      failed: 48,
      bandwidth: { least_mbps: 94.2, mean_mbps: 482, tested: 5, at_ms: nowMs - 180_000 },
      hops: { least: 5, most: 9, at_ms: nowMs - 240_000 },
    },
    seen: { states, checks: 336, failed: 48 },
    troubled: [
      { source: `${member.location}-far`, state: 'down', reason: member.probes_off[0]?.reason ?? 'cut' },
    ],
    more_troubled: 0,
  };
}

/** A member's own plan, told just now. */
export function scriptedSchedule(): NonNullable<MemberView['schedule']> {
  return {
    at_ms: Date.now(),
    checks: { interval_ms: 60_000, count: 28, next_in_ms: [3_000, 25_000, 50_000] },
    traceroute: { interval_ms: 300_000, next_in_ms: 125_000 },
    bandwidth: { interval_ms: 300_000, next_in_ms: 42_000 },
  };
}
