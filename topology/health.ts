import type { Health } from './topology-map.ts';

export interface HealthThresholds {
  /** Share (0–1) of requests with a server error or without an answer from which on a dependency is failing. */
  failingShare: number;
  /** The 95th percentile of latency from which on it is slow, milliseconds. */
  slowMs: number;
}

/** Of fewer, a share says nothing: one failure among seven requests is chance, seven among seven are not. */
const leastFailures = 3;

export const defaultHealth: HealthThresholds = { failingShare: 0.05, slowMs: 1000 };

/** What health is judged by; absent is what nobody measured. */
export interface HealthFacts {
  requests: number;
  /** Requests of which it is known whether they failed. */
  judged: number;
  failed: number;
  p95Ms?: number | undefined;
}

/** How a dependency does. Errors of the client are not the callee's. */
export function healthOf({ requests, judged, failed, p95Ms }: HealthFacts, limits = defaultHealth): Health {
  const isEnough = failed >= leastFailures || (failed > 0 && failed >= requests);
  if (isEnough && failed >= limits.failingShare * requests) return 'failing';
  if (p95Ms !== undefined && p95Ms >= limits.slowMs) return 'slow';
  return judged > 0 || p95Ms !== undefined ? 'healthy' : 'unknown';
}

const order: readonly Health[] = ['unknown', 'healthy', 'slow', 'failing'];

export function worstHealth(all: Iterable<Health>): Health {
  let worst: Health = 'unknown';
  for (const one of all) if (order.indexOf(one) > order.indexOf(worst)) worst = one;
  return worst;
}

/** `active` is seen in the present window or the one before; `quiet` is still remembered; `gone` is a ghost. */
export type Activity = 'active' | 'quiet' | 'gone';

/** What something last seen then is now. */
export function activityOf(
  lastSeenMs: number,
  nowMs: number,
  windowMs = 10_000,
  quietMs = 300_000,
): Activity {
  const ageMs = nowMs - lastSeenMs;
  if (ageMs <= 2 * windowMs) return 'active';
  return ageMs <= quietMs ? 'quiet' : 'gone';
}
