import type { Baseline } from '@netring/contract/baseline';
import { mergeHistograms, percentile, record, valueOf, type Histogram } from '@netring/contract/histogram';
import { checkKinds, type CheckKind } from '@netring/contract/result';
import type { Point } from './point.ts';

/** Medians of undisturbed minutes of one path, by kind, as histograms: a day of them is some hundred bytes. */
export type UsualOfPath = Partial<Record<CheckKind, Histogram>>;

/** Less than this says nothing of what is usual. */
export const leastMinutes = 30;

/** The medians of those minutes from `fromMs` on in which the path was ok: bad ones never become what is usual. */
export function usualOf(points: readonly Point[], fromMs = 0): UsualOfPath {
  const usual: UsualOfPath = {};
  for (const point of points) {
    if (point.state !== 'ok' || point.at_ms < fromMs) continue;
    for (const { kind, p50_ms } of point.checks) {
      if (p50_ms !== undefined) record((usual[kind] ??= []), p50_ms);
    }
  }
  return usual;
}

export function mergeUsual(all: readonly UsualOfPath[]): UsualOfPath {
  const merged: UsualOfPath = {};
  for (const kind of checkKinds) {
    const histograms = all.flatMap((one) => (one[kind] === undefined ? [] : [one[kind]]));
    if (histograms.length > 0) merged[kind] = mergeHistograms(histograms);
  }
  return merged;
}

/** Median and median absolute deviation of each kind that has enough minutes. */
export function baselinesOf(usual: UsualOfPath, enough = leastMinutes): Baseline[] {
  return checkKinds.flatMap((kind) => {
    const histogram = usual[kind] ?? [];
    const minutes = minutesOf(histogram);
    const median = percentile(histogram, 0.5);
    if (minutes < enough || median === undefined) return [];
    return [{ kind, median_ms: rounded(median), spread_ms: rounded(spreadOf(histogram, median)), minutes }];
  });
}

function minutesOf(histogram: Histogram): number {
  let minutes = 0;
  for (let at = 1; at < histogram.length; at += 2) minutes += histogram[at] as number;
  return minutes;
}

/** Median absolute deviation: half of the minutes are nearer to the median. */
function spreadOf(histogram: Histogram, median: number): number {
  const away: { ms: number; count: number }[] = [];
  for (let at = 0; at + 1 < histogram.length; at += 2) {
    const ms = Math.abs(valueOf(histogram[at] as number) - median);
    away.push({ ms, count: histogram[at + 1] as number });
  }
  const half = minutesOf(histogram) / 2;
  let seen = 0;
  return away.sort((a, b) => a.ms - b.ms).find(({ count }) => (seen += count) >= half)?.ms ?? 0;
}

function rounded(ms: number): number {
  return Math.round(1000 * ms) / 1000;
}
