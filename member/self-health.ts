import type { OwnSchedule } from '@netring/contract/own-schedule';
import type { SelfHealth } from '@netring/contract/report';
import { probeKinds } from '@netring/contract/result';
import type { MemberConfig } from './config.ts';
import type { OutboxFigures } from './outbox/index.ts';
import type { ProbeState } from './probe/index.ts';

/** How the member itself is, for its reports. `clockMs`: what its host says that the time is, epoch milliseconds. */
export function selfHealthOf(
  config: MemberConfig,
  probes: ProbeState,
  figures: OutboxFigures,
  schedule: OwnSchedule,
  clockMs: number,
): SelfHealth {
  return {
    event_loop_delay_ms: probes.kind === 'up' ? (probes.pulse?.eventLoopDelayMs ?? 0) : 0,
    outbox_buckets: figures.waiting,
    outbox_dropped: figures.dropped,
    probes_off: probesOff(config, probes),
    clock_ms: clockMs,
    schedule,
  };
}

/** The kinds that this member does not probe with, each with its reason: first what its configuration says. */
export function probesOff({ checks, icmp, udp }: MemberConfig, probes: ProbeState): SelfHealth['probes_off'] {
  if (!checks) return probeKinds.map((kind) => ({ kind, reason: 'turned off: NETRING_CHECKS' }));
  if (probes.kind === 'down') {
    const reason = `the probe process ${probes.reason}`.slice(0, 300);
    return probeKinds.map((kind) => ({ kind, reason }));
  }
  const chosen = [
    ...(icmp ? [] : [{ kind: 'icmp', reason: 'turned off: NETRING_ICMP' }]),
    ...(udp ? [] : [{ kind: 'udp', reason: 'turned off: NETRING_UDP' }]),
  ];
  const named = new Set(chosen.map(({ kind }) => kind));
  return [...chosen, ...(probes.pulse?.off ?? []).filter(({ kind }) => !named.has(kind))];
}
