import type { TrafficSignals } from '@netring/contract/traffic';
import type { BucketDependency } from '@netring/topology';
import type { Recognised } from './resolver.ts';

/** Whether an end is who it was. What else is known of that node is looked up by its id. */
export function sameEnd(a: Recognised, b: Recognised): boolean {
  if (a === b) return true;
  return (
    a.node.id === b.node.id &&
    a.host === b.host &&
    a.member === b.member &&
    a.port === b.port &&
    a.address === b.address &&
    a.isOnlyHost === b.isOnlyHost &&
    a.isThroughAlias === b.isThroughAlias &&
    sameHosts(a, b)
  );
}

function sameHosts({ hosts: a }: Recognised, { hosts: b }: Recognised): boolean {
  if (a.size !== b.size) return false;
  for (const [id, one] of a) {
    const other = b.get(id);
    if (other?.address !== one.address || other.member !== one.member) return false;
  }
  return true;
}

/** Whether the same was counted. Ends are compared elsewhere. */
export function sameDependency(a: BucketDependency | undefined, b: BucketDependency | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined) return false;
  return (
    a.requests === b.requests &&
    a.client_errors === b.client_errors &&
    a.server_errors === b.server_errors &&
    a.client_gone === b.client_gone &&
    a.transport_failures === b.transport_failures &&
    a.bytes_sent === b.bytes_sent &&
    a.bytes_received === b.bytes_received &&
    a.latency_sum_ms === b.latency_sum_ms &&
    a.latency_count === b.latency_count &&
    a.latency_max_ms === b.latency_max_ms &&
    a.api_requests === b.api_requests &&
    a.unjudged === b.unjudged &&
    sameNumbers(a.latency, b.latency)
  );
}

function sameNumbers(a: readonly number[], b: readonly number[]): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}

/** Whether all that is measured is the same, and of the same. Flat but for sums and tuples. */
export function sameSignals(a: TrafficSignals, b: TrafficSignals): boolean {
  const keys = Object.keys(a) as (keyof TrafficSignals)[];
  if (keys.length !== Object.keys(b).length) return false;
  for (const key of keys) {
    const [x, y] = [a[key], b[key]];
    if (x === y) continue;
    if (typeof x !== 'object' || typeof y !== 'object' || JSON.stringify(x) !== JSON.stringify(y))
      return false;
  }
  return true;
}
