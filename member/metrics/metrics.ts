import { rateHoldsMs, type Direction } from '@netring/contract/bandwidth';
import { answered, checkKinds, latencyOf, type Outcome, type Result } from '@netring/contract/result';
import type { Trace } from '@netring/contract/trace';
import type { RingTls } from '@netring/service/ring-tls';
import type { Check } from '../schedule/index.ts';
import { bandwidthMetrics } from './bandwidth-metrics.ts';
import { discoveryMetrics } from './discovery-metrics.ts';
import { flag } from './flag.ts';
import { labelsOf, labelsOfReturn, pathLabels, type PathLabels, type Self } from './path-labels.ts';
import { Counter, Gauge, Histogram, Registry } from './prometheus.ts';
import { certificateMetrics } from './certificate-metrics.ts';
import { selfMetrics, type MemberFacts } from './self-metrics.ts';
import { traceMetrics } from './trace-metrics.ts';

/** The metrics of one member. Series of its checks come with their first finding and go with their target. */
export interface MemberMetrics {
  found(check: Check, result: Result): void;
  /** A valid rate was measured, in a direction, between here and a target that is tested every `intervalMs`. */
  rate(this: void, check: Check, direction: Direction, mbps: number, intervalMs: number): void;
  /** A target was traced. */
  traced(check: Check, trace: Trace): void;
  /** Removes the series of everything that is not among `checks`. */
  keepOnly(checks: readonly Check[]): void;
  text(): Promise<string>;
  contentType: string;
}

/** From a neighbouring rack to a time-out, so that the same buckets serve TCP and HTTP. */
const durationBuckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

export function createMetrics(
  self: Self,
  facts: () => MemberFacts,
  tls?: Pick<RingTls, 'ends'>,
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
  certificateMetrics(registers, tls);
  discoveryMetrics(registers, () => facts().discovery);

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
      // It says what the bandwidth test did to the path, not how the path is.
      if (result.disturbed === true) return;
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
    rate(check, direction, mbps, intervalMs) {
      // Whoever tests a path measures its way back as well; the far end may never have to.
      const labels = direction === 'forward' ? labelsOf(self, check) : labelsOfReturn(self, check);
      if (check.fixed) rates.set(labels, mbps, rateHoldsMs(intervalMs));
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
      const fixed = checks.filter((check) => check.fixed);
      const there = fixed.map((check) => labelsOf(self, check));
      rates.keepOnly([...there, ...fixed.map((check) => labelsOfReturn(self, check))]);
      routes.keepOnly(there);
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

function isHealthy(outcome: Outcome): boolean {
  return outcome === 'ok';
}
