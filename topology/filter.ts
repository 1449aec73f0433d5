import { tokensOf } from './name.ts';

/** Traffic of a kind that people rarely want to see in the graph. It is counted apart, and shown when asked for. */
export interface TrafficFilter {
  /** Such as `health_check`. */
  name: string;
  /** Whether a request for this path, without its query, is of this kind. */
  path?: (path: string) => boolean;
  /** Whether everything that this caller sends is of this kind; asked once for a caller. */
  caller?: (name: string) => boolean;
}

const healthPath =
  /^\/(?:[\w.-]+\/){0,3}_*(?:health|healthz|healthcheck|health[-_]check|ready|readyz|readiness|live|livez|liveness|ping|heartbeat)_*\/?$/i;

/** Requests for `/health`, `/readyz`, `/actuator/health/liveness` and the like, and gRPC's health service. */
export const healthChecks: TrafficFilter = {
  name: 'health_check',
  path: (path) => path === '/grpc.health.v1.Health/Check' || healthPath.test(path),
};

const metricsPath = /^\/(?:[\w.-]+\/){0,2}(?:metrics|federate|stats\/prometheus|actuator\/prometheus)\/?$/i;
const scrapers = ['prometheus', 'vmagent', 'telegraf', 'blackbox', 'netring'];

/** Scrapes of metrics, and whatever a scraper or a prober sends. */
export const monitoring: TrafficFilter = {
  name: 'monitoring',
  path: (path) => metricsPath.test(path),
  caller: (name) => {
    const tokens = tokensOf(name);
    return scrapers.some((scraper) => tokens.has(scraper));
  },
};

export const defaultFilters: readonly TrafficFilter[] = [healthChecks, monitoring];

/** Filters known to one mapper, its own and those that buckets of others name. 0 stands for no filter. */
export const mostFilters = 16;

/** The number of the filter that `path` falls under, counted from 1; 0 for none. */
export function filterOfPath(filters: readonly TrafficFilter[], path: string): number {
  // Longer ones are never asked for by a machine that looks every few seconds, and most requests end here.
  if (path.length > 64) return 0;
  const plain = path.includes('?') ? path.slice(0, path.indexOf('?')) : path;
  for (let at = 0; at < filters.length; at++) if (filters[at]?.path?.(plain) === true) return at + 1;
  return 0;
}

export function filterOfCaller(filters: readonly TrafficFilter[], name: string): number {
  for (let at = 0; at < filters.length; at++) if (filters[at]?.caller?.(name) === true) return at + 1;
  return 0;
}
