import type { MemberHealth } from '@netring/contract/health';
import type { SourceHealth } from '@netring/contract/inventory';
import type { ProbeState } from './probe/index.ts';

/** What a member knows of itself. */
export interface SelfKnowledge {
  instanceId: string;
  location: string;
  version: string;
  membersCount: number;
  probes: ProbeState;
  /** 99th percentile of the agent's own event-loop delay lately. */
  eventLoopDelayMs: number;
  /** Why the registry cannot be used; undefined while it can. */
  registryTrouble: string | undefined;
  /** Since the registry last answered; undefined when it never did. */
  registrySilentMs: number | undefined;
  /** Sources of discovery, each with how it stands. */
  sources: readonly SourceHealth[];
}

/** A loop this late answers nobody in time. */
const starvedMs = 1000;

/** Of sources that see less than they might; `/metrics` counts all. */
const mostSourcesNamed = 8;

/**
 * Whether a member is healthy: whether it does its own work. A registry that is away is named in the reasons and makes
 * no member unhealthy: it goes on measuring, and restarting it would only lose what it keeps.
 */
export function healthOf(self: SelfKnowledge, nowMs: number): MemberHealth {
  const faults = [
    ...(self.probes.kind === 'up' ? [] : [`nothing is measured: the probe process ${self.probes.reason}`]),
    ...(self.eventLoopDelayMs < starvedMs
      ? []
      : [`this process is starved: it answers ${Math.round(self.eventLoopDelayMs)} ms late`]),
  ];
  const remarks = [
    ...(self.registryTrouble === undefined ? [] : [registryRemark(self)]),
    ...self.sources
      .filter(({ state }) => state !== 'ok')
      .slice(0, mostSourcesNamed)
      .map(sourceRemark),
  ];
  return {
    status: faults.length === 0 ? 'healthy' : 'unhealthy',
    instance_id: self.instanceId,
    location: self.location,
    members_count: self.membersCount,
    timestamp: nowMs / 1000,
    version: self.version,
    component: 'member',
    reasons: [...faults, ...remarks],
  };
}

/** What a source cannot see makes no member unhealthy: the others go on. */
function sourceRemark({ kind, name, state, reason }: SourceHealth): string {
  return `discovery from ${kind} (${name}) is ${state}${reason === undefined ? '' : `: ${reason}`}`;
}

function registryRemark({ registryTrouble, registrySilentMs }: SelfKnowledge): string {
  const since =
    registrySilentMs === undefined
      ? 'has not been reached yet'
      : `was last heard ${Math.round(registrySilentMs / 1000)} s ago`;
  return `the registry ${since}: ${registryTrouble}`;
}
