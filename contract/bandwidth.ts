import { z } from 'zod';
import { outcomes } from './result.ts';
import { shortText } from './text.ts';

const durationMs = z.number().min(0).max(3_600_000);

/** `forward` is from the member that reports to its target. */
export const directions = ['forward', 'return'] as const;
export type Direction = (typeof directions)[number];

/** What bounded the rate that was reached. Only `path` says anything about the network. */
export const limits = ['path', 'sender', 'receiver', 'cap'] as const;

/** One direction of one test: how fast, over how much, and what it did to the round trip. */
export const bandwidthResult = z.object({
  direction: z.enum(directions),
  /** `inconclusive`: no number is told, rather than a wrong one; `reason` says why. */
  outcome: z.enum(outcomes),
  reason: z.string().max(300).optional(),
  /** Payload rate of the flat part, megabits (10^6) a second. */
  mbps: z.number().min(0).max(1e6).optional(),
  /** All bytes sent for it, slow start included. */
  bytes: z.number().int().min(0),
  seconds: z.number().min(0).max(3600),
  streams: z.number().int().min(0).max(64),
  limited_by: z.enum(limits).optional(),
  /** Round trip just before the test, and under its load: the difference is the queue (bufferbloat). */
  idle_rtt_ms: durationMs.optional(),
  loaded_rtt_ms: durationMs.optional(),
});
export type BandwidthResult = z.infer<typeof bandwidthResult>;

/** One test of one path, or one that was skipped, as the member that made it reports it. Times are its monotonic clock. */
export const bandwidthTest = z.object({
  /** Chosen by the member, so that a report that is repeated adds nothing. */
  id: shortText(64),
  target: shortText(200),
  started_ms: z.number().min(0),
  ended_ms: z.number().min(0),
  /** The fencing number it ran under. */
  fence: z.number().optional(),
  /** How often this path is tested: a rate holds until three of these have passed without another. */
  interval_ms: z
    .number()
    .int()
    .min(1000)
    .max(30 * 86_400_000)
    .optional(),
  /** Why it was not made. */
  skipped: z.string().max(300).optional(),
  /** Absent when skipped. */
  results: z.array(bandwidthResult).max(2).optional(),
});
export type BandwidthTest = z.infer<typeof bandwidthTest>;

/** A test as the registry tells of it: `at_ms` is when it ended, epoch milliseconds. */
export const keptBandwidthTest = bandwidthTest
  .omit({ started_ms: true, ended_ms: true })
  .extend({ source: z.string(), at_ms: z.number(), duration_ms: z.number() });
export type KeptBandwidthTest = z.infer<typeof keptBandwidthTest>;

/** Whether a result tells a rate of the path: what sender or receiver bounded is theirs, and says nothing of it. */
export function isValidRate(one: BandwidthResult): one is BandwidthResult & { mbps: number } {
  return one.outcome === 'ok' && one.limited_by === 'path' && one.mbps !== undefined;
}

/** Without an interval told, a path is tested this often. */
export const usualIntervalMs = 300_000;

/** A rate is shown until three tests of its path are missed. */
export function rateHoldsMs(intervalMs: number = usualIntervalMs): number {
  return 3 * intervalMs;
}

/**
 * Tests of one path: the newest one made, one that was skipped after it, and per direction the newest with a valid
 * rate, gone when three intervals have passed since.
 */
export const bandwidthOfPath = z.object({
  latest: keptBandwidthTest.optional(),
  skipped: keptBandwidthTest.optional(),
  forward: bandwidthResult.extend({ at_ms: z.number() }).optional(),
  return: bandwidthResult.extend({ at_ms: z.number() }).optional(),
});
export type BandwidthOfPath = z.infer<typeof bandwidthOfPath>;
