import { randomUUID } from 'node:crypto';
import type { MemberHealth } from '@netring/contract/health';
import type { PlanVersion } from '@netring/contract/plan-answer';
import { bucketMs, type SelfHealth } from '@netring/contract/report';
import type { Outcome } from '@netring/contract/result';
import type { Logger } from '@netring/service/log';
import { version } from '@netring/service/version';
import { monotonicMs } from './clock.ts';
import type { MemberConfig } from './config.ts';
import { watchEventLoop } from './event-loop.ts';
import { healthOf } from './health.ts';
import { createMembership } from './membership.ts';
import { createMetrics, type MemberFacts, type MemberMetrics } from './metrics.ts';
import { createOutbox, type OutboxFigures } from './outbox/index.ts';
import { startProbeProcess, type Measured } from './probe/index.ts';
import { createRegistryClient } from './registry-client.ts';
import { startHeartbeats, startPolling } from './registry-duties.ts';
import { askDelayMs, createSchedule, type Check } from './schedule/index.ts';

/** After a registry forgot us, at least so much of the past is told again. */
const toldAgainMs = 60_000;
/** Of the five seconds a goodbye may take: for the last reports, and for the goodbye itself. */
const lastReportsMs = 1500;
const leaveMs = 1500;

/** A running member. */
export interface Agent {
  health(): MemberHealth;
  metrics: MemberMetrics;
  /** Reports what is left, says goodbye and ends the probe process; takes at most three seconds. */
  stop(): Promise<void>;
}

/** Starts everything a member does but answering: it registers, probes by plan and reports. */
export function startAgent({
  config,
  ip,
  port,
  log,
}: {
  config: MemberConfig;
  ip: string;
  port: number;
  log: Logger;
}): Agent {
  const now = monotonicMs;
  const { instanceId, location } = config;
  const tokens = [config.token, config.tokenPrevious].filter((token) => token !== undefined);
  const boot = randomUUID();
  const checkMs = config.checkIntervalS * 1000;
  const loop = watchEventLoop(bucketMs);
  const client = createRegistryClient(config.registryUrl);
  const metrics = createMetrics({ location, instanceId }, () => facts());
  const found = createFindings(metrics, (check, measured, news) => {
    log.debug({ target: check.id, ...measured.result }, 'checked');
    const naming = { target: check.id, ...(check.endpoint !== undefined && { endpoint: check.endpoint }) };
    outbox.add(measured, naming, news);
  });

  const probes = startProbeProcess({
    environment: config.probeEnvironment,
    onMeasured: found.take,
    onDown: (reason) => log.error({ reason }, 'the probe process is down; it is started again'),
  });
  const membership = createMembership({
    client,
    token: config.token,
    now,
    registration: {
      instance_id: instanceId,
      location,
      ip,
      port,
      boot,
      version,
      heartbeat_interval_ms: config.heartbeatIntervalS * 1000,
      check_interval_ms: checkMs,
      external_targets: config.targets,
    },
    onRegistered(plan, again) {
      log.info({ instanceId, location, ip, port }, again ? 'registered again' : 'registered');
      if (again) outbox.sendAgain(Math.max(toldAgainMs, 2 * checkMs));
      else outbox.kick();
      onPlan(plan);
    },
    onTrouble(reason) {
      if (reason === undefined) log.info('the registry answers');
      else
        log.warn({ reason, registry: config.registryUrl }, 'the registry cannot be used; results are kept');
    },
  });
  const schedule = createSchedule({
    instanceId,
    endpoints: config.httpEndpoints,
    externals: config.targets,
    viewToken: config.viewToken,
    tokens,
    now,
    onChecks(checks) {
      found.follow(checks);
      metrics.keepOnly(checks);
      const options = {
        tcp: { timeoutMs: config.tcpTimeoutS * 1000 },
        http: { timeoutMs: config.httpTimeoutS * 1000 },
      };
      probes.follow({ targets: checks.map(({ target }) => target), intervalMs: checkMs, options });
    },
    onUnproved: ({ instance_id, ip: at, port: atPort }) =>
      log.warn(
        { instance_id, ip: at, port: atPort },
        'not probed: the address has not proved that a member is there',
      ),
  });
  const outbox = createOutbox({
    instanceId,
    boot,
    bootMs: now(),
    keptBuckets: Math.ceil((config.outboxMinutes * 60_000) / bucketMs),
    keepMs: Math.max(toldAgainMs, 2 * checkMs),
    reportIntervalMs: config.reportIntervalS * 1000,
    now,
    send: (body, timeoutMs) => {
      return membership.call({
        method: 'POST',
        path: '/report',
        body,
        ...(timeoutMs !== undefined && { timeoutMs }),
      });
    },
    self: (figures) => selfHealth(probes.state(), figures),
    untoldProofs: schedule.untoldProofs,
    proofsTold: schedule.proofsTold,
    onPlan: (plan) => onPlan(plan),
    onRefused: (what) =>
      log.error({ what }, 'the registry refused what this member reported; please report this'),
  });
  const polling = startPolling({ intervalMs: config.pollIntervalS * 1000, membership, schedule });
  const onPlan = (plan: PlanVersion) => {
    if (schedule.heard(plan)) polling.soon(askDelayMs(schedule.memberCount(), Math.random()));
  };
  const heartbeats = startHeartbeats({
    instanceId,
    intervalMs: config.heartbeatIntervalS * 1000,
    membership,
    onHeard(plan) {
      log.debug('heartbeat');
      outbox.kick();
      onPlan(plan);
    },
  });

  const facts = (): MemberFacts => {
    const state = probes.state();
    return {
      membersCount: schedule.othersCount(),
      outbox: outbox.figures(),
      registryTrouble: membership.trouble(),
      registrySilentMs: membership.silentMs(),
      eventLoopDelayMs: loop.delayMs(),
      probeRestarts: probes.restarts(),
      probePulse: state.kind === 'up' ? state.pulse : undefined,
      probesDown: state.kind === 'down' ? state.reason : undefined,
    };
  };
  return {
    health: () => healthOf({ instanceId, location, version, ...facts() }, Date.now()),
    metrics,
    async stop() {
      for (const one of [heartbeats, polling, schedule, probes, loop]) one.stop();
      await outbox.finish(lastReportsMs);
      await membership.leave(leaveMs);
      client.close();
    },
  };
}

function selfHealth(
  state: ReturnType<ReturnType<typeof startProbeProcess>['state']>,
  figures: OutboxFigures,
): SelfHealth {
  const kinds = ['tcp', 'http'];
  return {
    event_loop_delay_ms: state.kind === 'up' ? (state.pulse?.eventLoopDelayMs ?? 0) : 0,
    outbox_buckets: figures.waiting,
    outbox_dropped: figures.dropped,
    probes_off:
      state.kind === 'up'
        ? []
        : kinds.map((kind) => ({ kind, reason: `the probe process ${state.reason}`.slice(0, 300) })),
  };
}

/** Brings what the probe process found together with the checks it was found by. */
function createFindings(
  metrics: MemberMetrics,
  onFound: (check: Check, measured: Measured, news: boolean) => void,
): { follow: (checks: readonly Check[]) => void; take: (measured: readonly Measured[]) => void } {
  let checks = new Map<string, Check>();
  const last = new Map<string, Outcome>();
  return {
    follow(next) {
      checks = new Map(next.map((check) => [check.target.key, check]));
      for (const key of last.keys()) if (!checks.has(key)) last.delete(key);
    },
    take(all) {
      for (const measured of all) {
        const check = checks.get(measured.key);
        // Taken off the plan while the finding was on its way.
        if (check === undefined) continue;
        metrics.found(check, measured.result);
        onFound(check, measured, last.get(measured.key) !== measured.result.outcome);
        last.set(measured.key, measured.result.outcome);
      }
    },
  };
}
