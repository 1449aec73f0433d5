import {
  linkMetricNames,
  type LinkMetric,
  type LinkMetricName,
  type LinkMetrics,
} from '@netring/contract/link';

/** Metrics of one direction over a stretch of time. */
export type MetricSums = Partial<Record<LinkMetricName, LinkMetric>>;

/** Adds samples that are summed up already; `newer` are the later ones. */
export function addSamples(before: LinkMetric | undefined, newer: LinkMetric): LinkMetric {
  if (before === undefined || before.count === 0) return newer;
  if (newer.count === 0) return before;
  const count = before.count + newer.count;
  return {
    count,
    last: newer.last,
    min: Math.min(before.min, newer.min),
    max: Math.max(before.max, newer.max),
    avg: (before.avg * before.count + newer.avg * newer.count) / count,
  };
}

/** One sample. */
export function sampleOf(value: number): LinkMetric {
  return { count: 1, last: value, min: value, max: value, avg: value };
}

/** Adds metrics of a later time, in place. */
export function addMetrics(sums: MetricSums, newer: LinkMetrics): void {
  for (const name of linkMetricNames) {
    const one = newer[name];
    if (one !== undefined) sums[name] = addSamples(sums[name], one);
  }
}

/** Those asked for, rounded to what they are worth. */
export function told(sums: MetricSums, names: readonly LinkMetricName[] = linkMetricNames): LinkMetrics {
  const metrics: LinkMetrics = {};
  for (const name of linkMetricNames) {
    const one = sums[name];
    if (one === undefined || !names.includes(name)) continue;
    const { count, last, min, max, avg } = one;
    metrics[name] = { count, last: round(last), min: round(min), max: round(max), avg: round(avg) };
  }
  return metrics;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

/** Sums over the last minutes in two halves, the older of which goes when the newer one is full: five to ten minutes. */
export interface Halves {
  startedMs: number;
  now: { up: MetricSums; down: MetricSums };
  before: { up: MetricSums; down: MetricSums };
}

const halfMs = 5 * 60_000;

export function newHalves(atMs: number): Halves {
  return { startedMs: atMs, now: { up: {}, down: {} }, before: { up: {}, down: {} } };
}

/** Adds what was measured at a time, and lets go what is too old by then. */
export function addAt(halves: Halves, atMs: number, metrics: { up: LinkMetrics; down: LinkMetrics }): Halves {
  const current = turned(halves, atMs);
  addMetrics(current.now.up, metrics.up);
  addMetrics(current.now.down, metrics.down);
  return current;
}

function turned(halves: Halves, atMs: number): Halves {
  if (atMs - halves.startedMs < halfMs) return halves;
  if (atMs - halves.startedMs >= 2 * halfMs) return newHalves(atMs);
  return { startedMs: halves.startedMs + halfMs, now: { up: {}, down: {} }, before: halves.now };
}

/** Both halves together as of a time. */
export function together(halves: Halves, atMs: number): { up: MetricSums; down: MetricSums } {
  const { now, before } = turned(halves, atMs);
  const sums = { up: { ...before.up }, down: { ...before.down } };
  addMetrics(sums.up, now.up);
  addMetrics(sums.down, now.down);
  return sums;
}
