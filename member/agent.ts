import { randomUUID } from 'node:crypto';
import type { MemberHealth } from '@netring/contract/health';
import type { PlanVersion } from '@netring/contract/plan-answer';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { bucketMs, type ReportRequest } from '@netring/contract/report';
import type { Logger } from '@netring/service/log';
import type { RingTls } from '@netring/service/ring-tls';
import { version } from '@netring/service/version';
import { createTester } from './bandwidth/index.ts';
import { monotonicMs } from './clock.ts';
import type { MemberConfig } from './config.ts';
import { watchEventLoop } from './event-loop.ts';
import { createFindings } from './findings.ts';
import { healthOf } from './health.ts';
import { startDiscovery } from './discovery/index.ts';
import { createMembership } from './membership.ts';
import { createMetrics, type MemberFacts, type MemberMetrics } from './metrics/index.ts';
import { createOutbox } from './outbox/index.ts';
import { startProbeProcess } from './probe/index.ts';
import { ordersOf } from './probe-orders.ts';
import { registrationOf } from './registration.ts';
import { createRegistryClient } from './registry-client.ts';
import { startHeartbeats, startPolling } from './registry-duties.ts';
import { askDelayMs, createSchedule, type Check } from './schedule/index.ts';
import { ringPlaces } from './ring-places.ts';
import { probesOff, selfHealthOf } from './self-health.ts';
import { createTimetable } from './timetable.ts';
import { createTaskDesk } from './tasks.ts';
import { createTraces } from './traces.ts';

/** After a registry forgot us, at least so much of the past is told again. */
const toldAgainMs = 60_000;
/** A registry refuses traffic that is older than a quarter of an hour. */
const trafficKeptMs = 14 * 60_000;
/** Of the five seconds a goodbye may take: for the last reports, and for the goodbye itself. */
const lastReportsMs = 1500;
const leaveMs = 1500;

/** A running member. */
export interface Agent {
  health(): MemberHealth;
  metrics: MemberMetrics;
  /** A request for another protocol: a connection of a bandwidth test. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Reports what is left, says goodbye and ends the probe process; takes at most three seconds. */
  stop(): Promise<void>;
}

export interface AgentNeeds {
  config: MemberConfig;
  /** The address this member advertises. */
  ip: string;
  port: number;
  tls: RingTls;
  log: Logger;
}

/** Starts everything a member does but answering: it registers, probes by plan and reports. */
export function startAgent({ config, ip, port, tls, log }: AgentNeeds): Agent {
  const now = monotonicMs;
  const { instanceId, location } = config;
  const tokens = [config.token, config.tokenPrevious].filter((token) => token !== undefined);
  const boot = randomUUID();
  const keepMs = Math.max(toldAgainMs, 2 * config.checkIntervalS * 1000);
  const loop = watchEventLoop(bucketMs);
  const client = createRegistryClient(config.registryUrl, tls);
  const metrics = createMetrics({ location, instanceId, ip }, () => facts(), tls);

  let checked: readonly Check[] = [];
  let ownPlaces = ringPlaces([], [], config.registryUrl);
  const traces = createTraces({
    intervalMs: config.tracerouteIntervalS * 1000,
    maxHops: config.tracerouteMaxHops,
    now,
    send: (order) => probes.trace(order),
  });
  const timetable = createTimetable(config, now, {
    traceInMs: () => traces.nextInMs(),
    testInMs: () => tester.nextInMs(),
  });
  const desk = createTaskDesk({ traceroute: (task, untilMs) => traces.ask(task, untilMs) }, now);
  const findings = createFindings((check, measured, news) => {
    log.debug({ target: check.id, ...measured.result }, 'checked');
    timetable.checked(measured);
    metrics.found(check, measured.result);
    traces.found(check, measured.result);
    outbox.add(measured, { target: check.id, endpoint: check.endpoint }, news);
  });
  const probes = startProbeProcess({
    environment: config.probeEnvironment,
    raiser: config.raiseNetRaw,
    onMeasured: findings.take,
    onTraced(trace) {
      log.debug({ target: trace.target, outcome: trace.outcome, reason: trace.reason }, 'traced');
      const check = traces.checkOf(trace.target);
      if (check !== undefined) metrics.traced(check, trace);
      // What says nothing of the path concerns only who waits for it.
      if (trace.outcome !== 'void' || trace.task !== undefined) outbox.tell('traces', trace);
      const isOff = probesOff(config, probes.state()).some(({ kind }) => kind === 'traceroute');
      if (trace.outcome === 'void' && !isOff) traces.spoilt(trace.target);
    },
    onBandwidth: (message) => tester.told(message),
    onDown(reason) {
      log.error({ reason }, 'the probe process is down; it is started again');
      outbox.tellSelf();
    },
  });
  const membership = createMembership({
    client,
    tokens,
    now,
    instanceId,
    registration: () => registrationOf(config, ip, port, boot, probes.state(), tls.scheme),
    ready: probes.ready,
    onRegistered(plan, again) {
      log.info({ instanceId, location, ip, port }, again ? 'registered again' : 'registered');
      if (again) outbox.sendAgain(keepMs);
      else outbox.kick();
      onPlan(plan);
    },
    onTrouble: (reason) => logTrouble(log, config.registryUrl, reason),
  });
  const order = () => probes.follow(ordersOf(config, port, tokens, tls.caText(), checked));
  // Another CA is believed from the next check on.
  const forgetTls = tls.onChange(order);
  const tester = createTester({
    instanceId,
    intervalMs: config.bandwidthIntervalS * 1000,
    sizeBytes: config.bandwidthTestSizeMb === undefined ? undefined : config.bandwidthTestSizeMb * 1e6,
    dayBytes: config.bandwidthDayMb * 1e6,
    tokens,
    membership,
    probes,
    now,
    report: (test) => outbox.tell('bandwidth', test),
    onRate: metrics.rate,
    log,
  });
  const schedule = createSchedule({
    instanceId,
    options: {
      enabled: config.checks,
      endpoints: config.httpEndpoints,
      viewToken: config.viewToken,
      icmp: config.icmp,
      udp: config.udp,
    },
    externals: config.targets,
    tokens,
    tls,
    now,
    onChecks(checks) {
      ownPlaces = ringPlaces(checks, config.targets, config.registryUrl);
      findings.follow(checks);
      tester.follow(checks);
      metrics.keepOnly(checks);
      traces.follow(checks);
      timetable.follow(checks);
      checked = checks;
      order();
    },
    onUnproved: ({ instance_id, ip: at, port: atPort }, reason) =>
      log.warn(
        { instance_id, ip: at, port: atPort, reason },
        'not probed: the address has not proved that a member is there',
      ),
  });
  const discovery = startDiscovery({
    config,
    instanceId,
    boot,
    location,
    tokens,
    keepMs: Math.min(trafficKeptMs, Math.max(toldAgainMs, config.outboxMinutes * 60_000)),
    ownPlaces: () => ownPlaces,
    log,
    onNews: () => outbox.news(),
  });
  const outbox = createOutbox({
    instanceId,
    boot,
    bootMs: now(),
    keptBuckets: Math.ceil((config.outboxMinutes * 60_000) / bucketMs),
    keepMs,
    reportIntervalMs: config.reportIntervalS * 1000,
    now,
    send: (body: ReportRequest, timeoutMs) =>
      membership.call({ method: 'POST', path: '/report', body, timeoutMs }),
    self: (figures) => selfHealthOf(config, probes.state(), figures, timetable.told(), Date.now()),
    proofs: schedule.proofs,
    discovery: discovery?.telling,
    onPlan: (plan) => onPlan(plan),
    onTasks: (tasks) => desk.take(tasks),
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
    onHeard(plan, tasks) {
      log.debug('heartbeat');
      outbox.kick();
      onPlan(plan);
      desk.take(tasks);
    },
  });
  const facts = (): MemberFacts => ({
    membersCount: schedule.othersCount(),
    outbox: outbox.figures(),
    registryTrouble: membership.trouble(),
    registrySilentMs: membership.silentMs(),
    eventLoopDelayMs: loop.delayMs(),
    probes: probes.state(),
    discovery: discovery?.figures(),
  });
  return {
    health: () => {
      const now = facts();
      const sources = now.discovery?.sources ?? [];
      return healthOf({ instanceId, location, version, sources, ...now }, Date.now());
    },
    metrics,
    upgrade: (request, socket, head) => tester.upgrade(request, socket, head),
    async stop() {
      forgetTls();
      for (const one of [heartbeats, polling, schedule, traces, tester, probes, loop]) one.stop();
      await discovery?.stop();
      await outbox.finish(lastReportsMs);
      await membership.leave(leaveMs);
      client.close();
    },
  };
}

function logTrouble(log: Logger, registry: string, reason: string | undefined): void {
  if (reason === undefined) log.info({ registry }, 'the registry answers');
  else log.warn({ registry, reason }, 'the registry cannot be used; results are kept');
}
