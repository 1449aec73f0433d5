import { ServiceClassifier } from './classifier.ts';
import { defaultFilters, mostFilters, type TrafficFilter } from './filter.ts';
import { defaultHealth, type HealthThresholds } from './health.ts';
import { defaultLimits, type Limits } from './limits.ts';

/** Each has a default. */
export interface MapperOptions {
  /** Length of a time bucket, milliseconds, 10,000 by default; `false`: no windows, everything since the start. */
  bucketMs?: number | false;
  /** How long a bucket is kept, milliseconds; 900,000 by default. Memory grows with it. */
  retentionMs?: number;
  /** How far ahead of the time given to `advance` an observation may be; 60,000 ms by default. */
  aheadMs?: number;
  /** Whether latency percentiles are kept; `true` by default. */
  percentiles?: boolean;
  /** Whether all client ports of a host are one caller; `true` by default. */
  foldClients?: boolean;
  /** Whether numbered replicas (`web-1`, `web-2`, pods of one Deployment) are one service; `true` by default. */
  foldReplicas?: boolean;
  /** Takes one observation in so many and counts it as that many; 1 by default. The same seed takes the same ones. */
  sampling?: { oneIn: number; seed?: number };
  /** Traffic that is counted apart; health checks and monitoring by default. */
  filters?: readonly TrafficFilter[];
  /** Names that people gave, by `host`, `host:port`, either after `network/`, or service id. One name is one service. */
  names?: Readonly<Record<string, string>>;
  classifier?: ServiceClassifier;
  health?: Partial<HealthThresholds>;
  limits?: Partial<Limits>;
  /** Who says so in exported buckets; `local` by default. */
  reporter?: string;
}

export interface MapperSettings {
  bucketMs: number;
  retentionMs: number;
  aheadMs: number;
  percentiles: boolean;
  foldClients: boolean;
  foldReplicas: boolean;
  sampling: { oneIn: number; seed: number };
  filters: readonly TrafficFilter[];
  classifier: ServiceClassifier;
  health: HealthThresholds;
  limits: Limits;
  reporter: string;
}

/** @throws RangeError naming the option when one is out of range. */
export function settingsOf(options: MapperOptions): MapperSettings {
  const { bucketMs = 10_000, retentionMs = 900_000, aheadMs = 60_000, filters = defaultFilters } = options;
  const isWindowed = bucketMs !== false;
  if (isWindowed) demand('bucketMs', bucketMs, 1);
  demand('retentionMs', retentionMs, isWindowed ? bucketMs : 0);
  demand('aheadMs', aheadMs, 0);
  const limits = { ...defaultLimits, ...options.limits };
  for (const [name, value] of Object.entries(limits)) demand(`limits.${name}`, value, 1);
  if (filters.length >= mostFilters)
    throw new RangeError(`filters has ${filters.length} entries; there may be ${mostFilters - 1}.`);
  return {
    bucketMs: isWindowed ? bucketMs : Infinity,
    retentionMs: isWindowed ? retentionMs : Infinity,
    aheadMs,
    percentiles: options.percentiles ?? true,
    foldClients: options.foldClients ?? true,
    foldReplicas: options.foldReplicas ?? true,
    sampling: { oneIn: 1, seed: 1, ...options.sampling },
    filters,
    classifier: options.classifier ?? new ServiceClassifier(),
    health: { ...defaultHealth, ...options.health },
    limits,
    reporter: options.reporter ?? 'local',
  };
}

function demand(name: string, value: number, least: number): void {
  if (!(value >= least)) throw new RangeError(`${name} is ${value}; it must be at least ${least}.`);
}
