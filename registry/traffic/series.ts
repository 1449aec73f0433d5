import type { Inventory } from '@netring/contract/inventory';
import { histogramValueMs } from '@netring/topology';
import { bestCell, gather, totalOf, type Slot } from './sums/index.ts';

/** The service graph for Prometheus: counters that only grow, summed of stretches that are over. */
export interface Series {
  /** Counts stretches that were not counted yet, and are settled. */
  count(slots: readonly Slot[], nowMs: number): void;
  /** In the text format of Prometheus. */
  text(inventories: Iterable<{ member: string; inventory: Inventory }>): string;
}

/** 17 series each; the dependencies beyond are counted in one of their own. */
const mostDependencies = 2_000;
const mostServices = 5_000;
/** What comes later than that is in the graph, and not in the counters. */
const settledMs = 25_000;
const bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

interface Counted {
  labels: string;
  requests: number;
  errors: number;
  bytes: number;
  sumSeconds: number;
  count: number;
  /** By bound, each for itself; the last is above all of them. */
  latency: number[];
}

export function createSeries(): Series {
  const counted = new Map<string, Counted>();
  let overflow = 0;
  let untilMs = -Infinity;

  function add(slot: Slot): void {
    for (const gathered of gather([slot])) {
      if (gathered.filter !== undefined) continue;
      const total = totalOf(gathered);
      const cell = total.cells.get(bestCell(total.cells));
      if (cell === undefined) continue;
      const { counts, latency } = cell;
      const { source, target, protocol } = gathered;
      const labels = labelsOf({
        source_service: source.name,
        source_location: source.location ?? '',
        target_service: target.name,
        target_location: target.location ?? '',
        protocol,
      });
      const one = counted.get(labels) ?? made(labels);
      if (one === undefined) {
        overflow += counts.requests;
        continue;
      }
      one.requests += counts.requests;
      one.errors += counts.client_errors + counts.server_errors + counts.transport_failures;
      one.bytes += counts.bytes_sent + counts.bytes_received;
      one.sumSeconds += counts.latency_sum_ms / 1000;
      for (let at = 0; at < latency.length; at += 2) {
        const seconds = histogramValueMs(latency[at] as number) / 1000;
        const place = bounds.findIndex((bound) => seconds <= bound);
        const slotAt = place < 0 ? bounds.length : place;
        one.latency[slotAt] = (one.latency[slotAt] as number) + (latency[at + 1] as number);
        one.count += latency[at + 1] as number;
      }
    }
  }

  function made(labels: string): Counted | undefined {
    if (counted.size >= mostDependencies) return undefined;
    const one: Counted = {
      labels,
      requests: 0,
      errors: 0,
      bytes: 0,
      sumSeconds: 0,
      count: 0,
      latency: Array.from({ length: bounds.length + 1 }, () => 0),
    };
    counted.set(labels, one);
    return one;
  }

  return {
    count(slots, nowMs) {
      for (const slot of slots) {
        if (slot.startMs <= untilMs || slot.startMs + slot.durationMs + settledMs > nowMs) continue;
        add(slot);
        untilMs = slot.startMs;
      }
    },
    text: (inventories) =>
      [
        ...counterText('requests', 'Requests of a dependency.', counted.values(), (one) => one.requests),
        ...counterText('errors', 'Requests that failed.', counted.values(), (one) => one.errors),
        ...counterText('bytes', 'Bytes both ways.', counted.values(), (one) => one.bytes),
        ...latencyText(counted.values()),
        '# HELP netring_dependency_overflow_requests_total Requests of dependencies beyond the bound of series.',
        '# TYPE netring_dependency_overflow_requests_total counter',
        `netring_dependency_overflow_requests_total ${overflow}`,
        ...serviceText(inventories),
        '',
      ].join('\n'),
  };
}

function* counterText(
  name: string,
  help: string,
  all: Iterable<Counted>,
  valueOf: (one: Counted) => number,
): Generator<string> {
  yield `# HELP netring_dependency_${name}_total ${help}`;
  yield `# TYPE netring_dependency_${name}_total counter`;
  for (const one of all) yield `netring_dependency_${name}_total{${one.labels}} ${valueOf(one)}`;
}

function* latencyText(all: Iterable<Counted>): Generator<string> {
  const name = 'netring_dependency_latency_seconds';
  yield `# HELP ${name} Latency of the requests of a dependency, within 2 %.`;
  yield `# TYPE ${name} histogram`;
  for (const one of all) {
    if (one.count === 0) continue;
    let sum = 0;
    for (const [at, bound] of bounds.entries()) {
      sum += one.latency[at] as number;
      yield `${name}_bucket{${one.labels},le="${bound}"} ${sum}`;
    }
    yield `${name}_bucket{${one.labels},le="+Inf"} ${one.count}`;
    yield `${name}_sum{${one.labels}} ${one.sumSeconds}`;
    yield `${name}_count{${one.labels}} ${one.count}`;
  }
}

function* serviceText(all: Iterable<{ member: string; inventory: Inventory }>): Generator<string> {
  yield '# HELP netring_service_info Services that members found, and where they listen.';
  yield '# TYPE netring_service_info gauge';
  const lines = new Set<string>();
  for (const { member, inventory } of all)
    for (const { name, listeners, addresses } of inventory.services)
      for (const { port } of listeners) {
        if (lines.size >= mostServices) return;
        const [ip = ''] = addresses ?? inventory.host.addresses;
        const labels = labelsOf({
          instance_id: member,
          instance_ip: ip,
          name,
          listen_port: String(port),
        });
        if (lines.has(labels)) continue;
        lines.add(labels);
        yield `netring_service_info{${labels}} 1`;
      }
}

function labelsOf(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${escaped(value)}"`)
    .join(',');
}

/** As the text format asks. */
function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
