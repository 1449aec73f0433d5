import type { Hop, KeptTrace } from '@netring/contract/trace';
import { exampleNowMs } from './example-ring.ts';

/** A hop for tables in tests; silent without an address. */
export function exampleHop(ttl: number, ip?: string, medianMs = 0, addedMs = 0): Hop {
  if (ip === undefined) return { ttl, sent: 3, answers: [] };
  const answer = { ip, received: 3, min_ms: medianMs, median_ms: medianMs, max_ms: medianMs };
  return { ttl, sent: 3, answers: [answer], added_ms: addedMs };
}

/** A trace for tables in tests: reached its target, its route named like itself, but for what `but` says. */
export function exampleTrace(id: string, hops: Hop[], but: Partial<KeptTrace> = {}): KeptTrace {
  return {
    id,
    source: 'us1-a',
    target: 'eu1-a',
    cause: 'schedule',
    protocol: 'icmp',
    outcome: 'ok',
    reached: true,
    hops,
    path_id: id,
    at_ms: exampleNowMs - 60_000,
    duration_ms: 400,
    ...but,
  };
}
