import { rateHoldsMs } from '@netring/contract/bandwidth';
import { answered, checkKinds, latencyOf, type Outcome, type Result } from '@netring/contract/result';
import type { Trace } from '@netring/contract/trace';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { monotonicMs } from './clock.ts';
import type { OutboxFigures } from './outbox/index.ts';
import type { ProbeState, Pulse } from './probe/index.ts';
import type { Check } from './schedule/index.ts';

/** What a member tells Prometheus of itself, read when asked. */
export interface MemberFacts {
  membersCount: number;
  outbox: OutboxFigures;
  registryTrouble: string | undefined;
  registrySilentMs: number | undefined;
  eventLoopDelayMs: number;
  probes: ProbeState;
}

/** The metrics of one member. Series of its checks come with their first finding and go with their target. */
export interface MemberMetrics {
  found(check: Check, result: Result): void;
  /** A valid rate was measured towards a target that is tested every `intervalMs`. */
  rate(check: Check, mbps: number, intervalMs: number): void;
  /** A target was traced. */
  traced(check: Check, trace: Trace): void;
  /** Removes the series of everything that is not among `checks`. */
  keepOnly(checks: readonly Check[]): void;
  text(): Promise<string>;
  contentType: string;
}

const pathLabels = [
  'source_location',
  'source_instance',
  'target_location',
  'target_instance',
  'target_ip',
] as const;
/** From a neighbouring rack to a time-out, so that the same buckets serve TCP and HTTP. */
const durationBuckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

type PathLabels = Record<(typeof pathLabels)[number], string>;

export function createMetrics(
  self: { location: string; instanceId: string },
  facts: () => MemberFacts,
): MemberMetrics {
  const registry = new Registry();
  const registers = [registry];
  const tcp = new Gauge({
    name: 'netring_connectivity_tcp',
    help: '1 when the last TCP connect to the target succeeded, else 0.',
    labelNames: pathLabels,
    registers,
  });
  const http = new Gauge({
    name: 'netring_connectivity_http',
    help: '1 when the target answered the last HTTP check with a status below 500, else 0.',
    labelNames: [...pathLabels, 'endpoint'],
    registers,
  });
  const healthy = new Gauge({
    name: 'netring_http_healthy',
    help: '1 when the target answered the last HTTP check with a status below 400, else 0.',
    labelNames: [...pathLabels, 'endpoint'],
    registers,
  });
  const duration = new Histogram({
    name: 'netring_check_duration_seconds',
    help: 'TCP: connect time. HTTP: time until the whole answer was there. ICMP and UDP: median round trip.',
    labelNames: ['check_type', 'target_location'],
    buckets: durationBuckets,
    registers,
  });
  const voids = new Counter({
    name: 'netring_probe_voids_total',
    help: 'Checks that count for nothing since this member was unfit to make them.',
    labelNames: ['check_type'],
    registers,
  });
  selfMetrics(registers, facts);

  const shown = new Map<string, { labels: PathLabels; endpoint: string | undefined; kind: Result['kind'] }>();
  const remove = (key: string) => {
    const gone = shown.get(key);
    if (gone === undefined) return;
    shown.delete(key);
    if (gone.kind === 'tcp') return tcp.remove(gone.labels);
    const labels = { ...gone.labels, endpoint: gone.endpoint ?? '' };
    http.remove(labels);
    healthy.remove(labels);
  };
  const rates = bandwidthMetrics(registers);
  const routes = traceMetrics(registers);
  let locations = new Set<string>();

  return {
    found(check, result) {
      if (result.outcome === 'void') return voids.inc({ check_type: result.kind });
      const ms = result.kind === 'http' ? result.total_ms : latencyOf(result);
      if (ms !== undefined)
        duration.observe({ check_type: result.kind, target_location: check.location }, ms / 1000);
      if (!check.fixed || (result.kind !== 'tcp' && result.kind !== 'http')) return;
      const labels = labelsOf(self, check);
      shown.set(check.target.key, { labels, endpoint: check.endpoint, kind: result.kind });
      if (result.kind === 'tcp') return tcp.set(labels, flag(result.outcome === 'ok'));
      const withEndpoint = { ...labels, endpoint: check.endpoint ?? '' };
      http.set(withEndpoint, flag(answered(result) && (result.status ?? 599) < 500));
      healthy.set(withEndpoint, flag(isHealthy(result.outcome)));
    },
    rate(check, mbps, intervalMs) {
      if (check.fixed) rates.set(labelsOf(self, check), mbps, rateHoldsMs(intervalMs));
    },
    traced(check, trace) {
      if (check.fixed && trace.outcome !== 'void') routes.set(labelsOf(self, check), trace);
    },
    keepOnly(checks) {
      const kept = new Map(
        checks.filter(({ fixed }) => fixed).map((check) => [check.target.key, labelsOf(self, check)]),
      );
      for (const [key, { labels }] of shown) {
        const wanted = kept.get(key);
        if (wanted === undefined || pathLabels.some((name) => wanted[name] !== labels[name])) remove(key);
      }
      const fixed = checks.filter((check) => check.fixed).map((check) => labelsOf(self, check));
      rates.keepOnly(fixed);
      routes.keepOnly(fixed);
      const now = new Set(checks.map(({ location }) => location));
      for (const gone of locations) {
        if (now.has(gone)) continue;
        for (const check_type of checkKinds) duration.remove({ check_type, target_location: gone });
      }
      locations = now;
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

function labelsOf(self: { location: string; instanceId: string }, check: Check): PathLabels {
  return {
    source_location: self.location,
    source_instance: self.instanceId,
    target_location: check.location,
    target_instance: check.id,
    target_ip: check.ip,
  };
}

/** The newest trace of each target; its series go with the target. */
function traceMetrics(registers: Registry[]) {
  const hops = new Gauge({
    name: 'netring_traceroute_hops_total',
    help: 'Hops of the last trace: to the target, or to the last router that answered.',
    labelNames: pathLabels,
    registers,
  });
  const worst = new Gauge({
    name: 'netring_traceroute_max_hop_latency_ms',
    help: 'Latency that the worst step of the last trace adds, as far as it persists to the target; absent when that did not answer.',
    labelNames: pathLabels,
    registers,
  });
  const worstStep = new Gauge({
    name: 'netring_traceroute_worst_step_info',
    help: 'Always 1; names the hop and the router that the worst step leads to.',
    labelNames: [...pathLabels, 'hop', 'hop_ip'],
    registers,
  });
  const shown = new Map<string, { labels: PathLabels; step: { hop: string; hop_ip: string } | undefined }>();
  const removeStep = (labels: PathLabels) => {
    const step = shown.get(keyOf(labels))?.step;
    if (step !== undefined) worstStep.remove({ ...labels, ...step });
    worst.remove(labels);
  };
  return {
    set(labels: PathLabels, { reached, hops: found, worst_step }: Trace) {
      removeStep(labels);
      const step = worst_step && { hop: String(worst_step.ttl), hop_ip: worst_step.ip };
      shown.set(keyOf(labels), { labels, step });
      hops.set(labels, found.length);
      if (reached) worst.set(labels, worst_step?.added_ms ?? 0);
      if (step !== undefined) worstStep.set({ ...labels, ...step }, 1);
    },
    keepOnly(kept: readonly PathLabels[]) {
      const keys = new Set(kept.map(keyOf));
      for (const [key, { labels }] of shown) {
        if (keys.has(key)) continue;
        removeStep(labels);
        hops.remove(labels);
        shown.delete(key);
      }
    },
  };
}

function keyOf(labels: PathLabels): string {
  return JSON.stringify(pathLabels.map((name) => labels[name]));
}

/** Rates hold until three tests are missed; then their series go, as they do with their target. */
function bandwidthMetrics(registers: Registry[]) {
  interface Rate {
    labels: PathLabels;
    mbps: number;
    atMs: number;
    holdsMs: number;
  }
  const rates = new Map<string, Rate>();
  const keyOf = (labels: PathLabels) => JSON.stringify(pathLabels.map((name) => labels[name]));
  const holding = () => {
    for (const [key, { atMs, holdsMs }] of rates) if (monotonicMs() - atMs > holdsMs) rates.delete(key);
    return [...rates.values()];
  };
  new Gauge({
    name: 'netring_bandwidth_mbps',
    help: 'Last valid rate of TCP payload towards the target, megabits (10^6) a second; gone when three tests were missed.',
    labelNames: pathLabels,
    registers,
    collect() {
      this.reset();
      for (const { labels, mbps } of holding()) this.set(labels, mbps);
    },
  });
  new Gauge({
    name: 'netring_bandwidth_age_seconds',
    help: 'Since that rate was measured.',
    labelNames: pathLabels,
    registers,
    collect() {
      this.reset();
      for (const { labels, atMs } of holding()) this.set(labels, (monotonicMs() - atMs) / 1000);
    },
  });
  return {
    set(labels: PathLabels, mbps: number, holdsMs: number) {
      rates.set(keyOf(labels), { labels, mbps, atMs: monotonicMs(), holdsMs });
    },
    keepOnly(kept: readonly PathLabels[]) {
      const keys = new Set(kept.map(keyOf));
      for (const key of rates.keys()) if (!keys.has(key)) rates.delete(key);
    },
  };
}

const flag = (yes: boolean) => (yes ? 1 : 0);

function isHealthy(outcome: Outcome): boolean {
  return outcome === 'ok';
}

function pulseOf({ probes }: MemberFacts): Pulse | undefined {
  return probes.kind === 'up' ? probes.pulse : undefined;
}

/** What is read from `facts` at each scrape. */
function selfMetrics(registers: Registry[], facts: () => MemberFacts): void {
  const gauge = (name: string, help: string, read: (facts: MemberFacts) => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read(facts()));
      },
    });
  const counter = (name: string, help: string, read: (facts: MemberFacts) => number) =>
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(read(facts()));
      },
    });
  gauge('netring_members_total', 'The other members known.', (f) => f.membersCount);
  gauge('netring_registry_reachable', '1 while the registry takes what this member sends.', (f) =>
    flag(f.registryTrouble === undefined),
  );
  gauge('netring_registry_silence_seconds', 'Since the registry last answered; -1 when it never did.', (f) =>
    f.registrySilentMs === undefined ? -1 : f.registrySilentMs / 1000,
  );
  gauge(
    'netring_outbox_buckets',
    'Buckets of results that the registry does not have in full.',
    (f) => f.outbox.waiting,
  );
  counter(
    'netring_outbox_dropped_buckets_total',
    'Buckets given up because the outbox was full.',
    (f) => f.outbox.dropped,
  );
  counter(
    'netring_outbox_dropped_records_total',
    'Traces and bandwidth tests given up because there were too many.',
    (f) => f.outbox.droppedRecords,
  );
  counter(
    'netring_reports_given_up_total',
    'Reports that the registry called invalid.',
    (f) => f.outbox.givenUp,
  );
  counter(
    'netring_report_records_refused_total',
    'Records that the registry refused.',
    (f) => f.outbox.refused,
  );
  gauge(
    'netring_event_loop_delay_seconds',
    "99th percentile of the agent's event-loop delay.",
    (f) => f.eventLoopDelayMs / 1000,
  );
  gauge(
    'netring_probe_event_loop_delay_seconds',
    "99th percentile of the probe process's event-loop delay.",
    (f) => (pulseOf(f)?.eventLoopDelayMs ?? 0) / 1000,
  );
  gauge('netring_probe_process_up', '1 while the probe process runs.', (f) => flag(f.probes.kind === 'up'));
  counter(
    'netring_probe_process_restarts_total',
    'How often the probe process had to be started again.',
    (f) => f.probes.restarts,
  );
  gauge(
    'netring_probe_process_cpu_seconds',
    'CPU time of the running probe process.',
    (f) => pulseOf(f)?.cpuSeconds ?? 0,
  );
  gauge(
    'netring_probe_process_resident_memory_bytes',
    'Resident memory of the probe process.',
    (f) => pulseOf(f)?.residentBytes ?? 0,
  );
  counter('process_cpu_seconds_total', 'CPU time of the agent.', () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  });
  gauge('process_resident_memory_bytes', 'Resident memory of the agent.', () => process.memoryUsage.rss());
  const startedS = Date.now() / 1000 - process.uptime();
  gauge('process_start_time_seconds', 'When the agent started, epoch seconds.', () => startedS);
}
