import {
  TopologyMapper,
  type ObservationOutcome,
  type TrafficBucket,
  type TrafficObservation,
} from '@netring/topology';
import type { TrafficSignals } from '@netring/contract/traffic';
import { bucketMs } from '@netring/contract/report';
import type { SignalsOf, SignalValues } from './collector.ts';
import { createSignalBook } from './signal-book.ts';

/** Of clocks that differ a little; a registry refuses what lies 15 s ahead. */
const aheadMs = 10_000;
/** Dependencies (as one kind of evidence shows them) that are told apart at one time; a report takes half of them. */
const mostDependencies = 4000;

/** How far a bucket has come: it has changed when either differs. */
export interface BucketProgress {
  startMs: number;
  observations: number;
  signals: number;
}

/** What was counted on one reading of the wall clock: a clock that was stepped begins anew. */
export interface Counting {
  observe(observation: TrafficObservation): ObservationOutcome;
  signals(of: SignalsOf, values: SignalValues): void;
  /** Says what time it is, and forgets what is too old. */
  advance(wallMs: number): void;
  /** Grows with every dependency that nothing kept speaks of. */
  dependenciesMade(): number;
  progress(): BucketProgress[];
  bucket(startMs: number): { bucket: TrafficBucket; signals: TrafficSignals[] };
  /** Signals that found no room. */
  dropped(): number;
}

/** @param keepMs how long a bucket is kept for a registry that is away */
export function createCounting(reporter: string, keepMs: number): Counting {
  const mapper = new TopologyMapper({
    bucketMs,
    retentionMs: keepMs,
    aheadMs,
    foldReplicas: false,
    reporter,
    limits: { services: 2 * mostDependencies, dependencies: mostDependencies, endpoints: 8, hosts: 8192 },
  });
  const book = createSignalBook(bucketMs);
  let nowMs = 0;
  return {
    observe: (observation) => mapper.observeTraffic(observation),
    signals(of, values) {
      if (of.atMs >= nowMs - keepMs && of.atMs <= nowMs + aheadMs) book.add(of, values);
    },
    advance(wallMs) {
      nowMs = wallMs;
      mapper.advance(wallMs);
      book.dropBefore(wallMs - keepMs - bucketMs);
    },
    dependenciesMade: () => mapper.dependenciesMade,
    progress() {
      const all = new Map<number, BucketProgress>();
      for (const one of mapper.bucketStates()) all.set(one.startMs, { ...one, signals: 0 });
      for (const { startMs, changes } of book.buckets())
        all.set(startMs, { startMs, observations: 0, ...all.get(startMs), signals: changes });
      return [...all.values()].sort((a, b) => a.startMs - b.startMs);
    },
    bucket: (startMs) => ({
      bucket: mapper.exportBucket(startMs) ?? emptyBucket(reporter, startMs),
      signals: book.of(startMs),
    }),
    dropped: book.dropped,
  };
}

function emptyBucket(reporter: string, startMs: number): TrafficBucket {
  return {
    version: 1,
    reporter,
    start_ms: startMs,
    duration_ms: bucketMs,
    observations: 0,
    services: [],
    dependencies: [],
  };
}
