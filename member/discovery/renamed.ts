import { endOf } from '@netring/contract/end';
import type { TrafficSignals } from '@netring/contract/traffic';
import {
  mergeHistograms,
  type BucketDependency,
  type BucketService,
  type TrafficBucket,
} from '@netring/topology';
import { addSignals, signalsOfSum, type SignalSum } from './signal-sums.ts';

/** The id of an end by the name that is known best by now. */
export type Rename = (id: string) => string;

/** A bucket under the best names. Ends that turn out to be one service are one, and what was counted of them adds up. */
export function renamedBucket(bucket: TrafficBucket, rename: Rename): TrafficBucket {
  const services = new Map<string, BucketService>();
  const indexes = new Map<string, number>();
  const indexOf = bucket.services.map((service) => {
    const id = rename(service.id);
    const known = services.get(id);
    if (known !== undefined) known.listeners.push(...service.listeners);
    else {
      indexes.set(id, services.size);
      services.set(id, { ...service, id, name: nameOf(id), listeners: [...service.listeners] });
    }
    return indexes.get(id) as number;
  });
  const moved = bucket.dependencies.map((one) => ({
    ...one,
    source: indexOf[one.source] as number,
    target: indexOf[one.target] as number,
  }));
  const dependencies = services.size === bucket.services.length ? moved : merged(moved);
  return { ...bucket, services: [...services.values()], dependencies };
}

/** Signals under the best names, likewise. */
export function renamedSignals(signals: readonly TrafficSignals[], rename: Rename): TrafficSignals[] {
  const sums = new Map<string, SignalSum>();
  let isMerged = false;
  const moved = signals.map((one) => ({ ...one, source: rename(one.source), target: rename(one.target) }));
  for (const { source, target, protocol, evidence, ...values } of moved) {
    const key = JSON.stringify([source, target, protocol, evidence]);
    let sum = sums.get(key);
    if (sum === undefined)
      sums.set(key, (sum = { of: { source, target, protocol, evidence }, values: {}, looks: [] }));
    else isMerged = true;
    addSignals(sum, values);
  }
  return isMerged ? [...sums.values()].map(signalsOfSum) : moved;
}

/** What people call an end: the name in its id, or its address. */
function nameOf(id: string): string {
  const end = endOf(id);
  if (end === undefined) return id;
  return end.kind === 'address' ? id.slice('address:'.length) : end.name;
}

function merged(dependencies: readonly BucketDependency[]): BucketDependency[] {
  const all = new Map<string, BucketDependency>();
  for (const one of dependencies) {
    const key = JSON.stringify([one.source, one.target, one.protocol, one.evidence, one.filter]);
    const known = all.get(key);
    all.set(key, known === undefined ? one : sumOf(known, one));
  }
  return [...all.values()];
}

function sumOf(a: BucketDependency, b: BucketDependency): BucketDependency {
  return {
    ...a,
    requests: a.requests + b.requests,
    client_errors: a.client_errors + b.client_errors,
    server_errors: a.server_errors + b.server_errors,
    client_gone: a.client_gone + b.client_gone,
    transport_failures: a.transport_failures + b.transport_failures,
    bytes_sent: a.bytes_sent + b.bytes_sent,
    bytes_received: a.bytes_received + b.bytes_received,
    latency_sum_ms: a.latency_sum_ms + b.latency_sum_ms,
    latency_count: a.latency_count + b.latency_count,
    latency_max_ms: Math.max(a.latency_max_ms, b.latency_max_ms),
    api_requests: a.api_requests + b.api_requests,
    unjudged: a.unjudged + b.unjudged,
    first_seen_ms: Math.min(a.first_seen_ms, b.first_seen_ms),
    last_seen_ms: Math.max(a.last_seen_ms, b.last_seen_ms),
    latency: mergeHistograms([a.latency, b.latency]),
  };
}
