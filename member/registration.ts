import type { RegisterRequest } from '@netring/contract/member';
import type { RingTls } from '@netring/service/ring-tls';
import { version } from '@netring/service/version';
import type { MemberConfig } from './config.ts';
import type { ProbeState } from './probe/index.ts';

/** How a member introduces itself. */
export function registrationOf(
  config: MemberConfig,
  ip: string,
  port: number,
  boot: string,
  probes: ProbeState,
  scheme: RingTls['scheme'],
): RegisterRequest {
  const answers = probes.kind === 'up' ? probes.pulse?.answers : undefined;
  return {
    ...(answers !== undefined && { answers }),
    instance_id: config.instanceId,
    location: config.location,
    ip,
    port,
    scheme,
    boot,
    version,
    heartbeat_interval_ms: config.heartbeatIntervalS * 1000,
    check_interval_ms: config.checkIntervalS * 1000,
    external_targets: config.targets,
  };
}
