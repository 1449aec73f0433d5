import { evidenceIndex, latestTimestampMs, protocolIndex } from './check-observation.ts';
import { largestBucket } from './histogram.ts';
import { serviceTypes } from './protocol.ts';
import type { BucketDependency, BucketListener, BucketService, TrafficBucket } from './traffic-bucket.ts';

/** Services and dependencies in one bucket: as many as any mapper keeps by default. */
const mostServices = 20_000;
const mostDependencies = 50_000;
const mostListeners = 256;
const longestName = 512;
/** Tags and metadata of one service together, as JSON. */
const longestAnnotation = 16_384;
const counters = [
  'requests',
  'client_errors',
  'server_errors',
  'client_gone',
  'transport_failures',
  'bytes_sent',
  'bytes_received',
  'latency_sum_ms',
  'latency_count',
  'latency_max_ms',
  'api_requests',
  'unjudged',
] as const;

/** What is wrong with something that should be a bucket, by field; `undefined` when nothing is. */
export function bucketObjection(value: unknown): string | undefined {
  if (!isRecord(value)) return 'not an object';
  const bucket = value as Partial<Record<keyof TrafficBucket, unknown>>;
  if (bucket.version !== 1) return 'version: must be 1';
  if (!isName(bucket.reporter)) return 'reporter: must be a text of 1 to 512 characters';
  if (!isTime(bucket.start_ms)) return 'start_ms: must be a time';
  if (!isCount(bucket.duration_ms)) return 'duration_ms: must be a number that is not negative';
  if (!isCount(bucket.observations)) return 'observations: must be a number that is not negative';
  const { services, dependencies } = bucket;
  if (!Array.isArray(services) || services.length > mostServices)
    return 'services: must be a list of at most 20000';
  if (!Array.isArray(dependencies) || dependencies.length > mostDependencies)
    return 'dependencies: must be a list of at most 50000';
  const badService = services.findIndex((one) => !isService(one));
  if (badService >= 0) return `services.${badService}: is no service`;
  const span = { fromMs: bucket.start_ms as number, durationMs: bucket.duration_ms as number };
  const badDependency = dependencies.findIndex((one) => !isDependency(one, services.length, span));
  return badDependency >= 0 ? `dependencies.${badDependency}: is no dependency` : undefined;
}

function isService(value: unknown): value is BucketService {
  if (!isRecord(value)) return false;
  const { id, name, network, inside, first_seen_ms, listeners, type, tags, metadata } = value;
  if (!isName(id) || !isName(name) || !(network === undefined || isName(network))) return false;
  if (typeof inside !== 'boolean' || !isTime(first_seen_ms)) return false;
  if (type !== undefined && !(serviceTypes as readonly unknown[]).includes(type)) return false;
  if (!isTags(tags) || !(metadata === undefined || isRecord(metadata))) return false;
  if (JSON.stringify({ tags, metadata }).length > longestAnnotation) return false;
  return Array.isArray(listeners) && listeners.length <= mostListeners && listeners.every(isListener);
}

function isTags(value: unknown): boolean {
  return (
    value === undefined || (isRecord(value) && Object.values(value).every((one) => typeof one === 'string'))
  );
}

function isListener(value: unknown): value is BucketListener {
  if (!isRecord(value)) return false;
  const { host, port, protocol, first_seen_ms, last_seen_ms } = value;
  const isPort = Number.isInteger(port) && (port as number) >= 0 && (port as number) <= 65_535;
  return (
    isName(host) && isPort && protocolIndex.has(protocol) && isTime(first_seen_ms) && isTime(last_seen_ms)
  );
}

interface Span {
  fromMs: number;
  /** 0: no end. */
  durationMs: number;
}

function isDependency(value: unknown, services: number, span: Span): value is BucketDependency {
  if (!isRecord(value)) return false;
  const { source, target, protocol, evidence, filter, latency, first_seen_ms, last_seen_ms } = value;
  if (!isIndex(source, services) || !isIndex(target, services)) return false;
  if (!protocolIndex.has(protocol) || !evidenceIndex.has(evidence)) return false;
  if (filter !== undefined && !isName(filter)) return false;
  if (!isWithin(first_seen_ms, span) || !isWithin(last_seen_ms, span)) return false;
  return counters.every((name) => isCount(value[name])) && isHistogram(latency);
}

function isHistogram(value: unknown): boolean {
  if (!Array.isArray(value) || value.length % 2 !== 0) return false;
  let before = -1;
  for (let at = 0; at < value.length; at += 2) {
    if (!isIndex(value[at], largestBucket + 1) || value[at] <= before) return false;
    if (!isCount(value[at + 1])) return false;
    before = value[at] as number;
  }
  return true;
}

function isIndex(value: unknown, below: number): boolean {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < below;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= longestName;
}

function isTime(value: unknown): boolean {
  return isCount(value) && (value as number) <= latestTimestampMs;
}

/** Otherwise a bucket could claim that something old or something to come was seen in it. */
function isWithin(value: unknown, { fromMs, durationMs }: Span): boolean {
  if (!isTime(value)) return false;
  const offsetMs = (value as number) - fromMs;
  return durationMs === 0 || (offsetMs >= 0 && offsetMs < durationMs);
}

/** Whatever is beyond is nonsense, and sums of thousands of these stay exact enough. */
function isCount(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER;
}
