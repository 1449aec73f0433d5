/** What is remembered of each undisturbed window. Milliseconds, or 0–1. */
export const features = [
  'rtt',
  'smoothed',
  'smoothedBack',
  'probe',
  'p50',
  'p95',
  'applicationAtMedian',
  'retransmitted',
  'windowLimited',
  'connect',
  'proxy',
  'total',
  'network',
  'application',
] as const;
export type Feature = (typeof features)[number];
export type Reading = Partial<Record<Feature, number>>;

/** Median and median absolute deviation over so many windows. */
export interface Usual {
  median: number;
  spread: number;
  windows: number;
}

/** So many undisturbed windows make something usual, unless somebody chose otherwise. */
export const defaultLeastWindows = 12;
/** Eight minutes: 2.5 kB a dependency, 12.5 MB for the 5,000 that a member may report. */
const keptWindows = 48;
/** What is usual is worked out again after so many new windows, once it is known at all. */
const refreshAfter = 4;

/** What is usual for one dependency: the last undisturbed windows. */
export interface UsualBook {
  /** Adds an undisturbed window; bad ones must never come here. */
  add(reading: Reading): void;
  /** `undefined` while nothing was ever read. */
  of(feature: Feature): Usual | undefined;
  /** In short, for the store. */
  pack(): PackedUsual;
  /** So many undisturbed windows make something usual. */
  readonly least: number;
}

/** By feature: median, spread, windows. */
export type PackedUsual = Partial<Record<Feature, [number, number, number]>>;

/**
 * @param packed what an earlier life of this registry knew
 * @param least so many undisturbed windows make something usual
 */
export function createUsualBook(packed: PackedUsual = {}, least = defaultLeastWindows): UsualBook {
  const kept = new Float32Array(features.length * keptWindows).fill(Number.NaN);
  const counts = new Uint32Array(features.length);
  const known = new Map<Feature, { usual: Usual; count: number }>();
  for (const feature of features) {
    const one = packed[feature];
    if (one !== undefined) for (const value of valuesLike(one)) push(features.indexOf(feature), value);
  }
  return {
    add(reading) {
      features.forEach((feature, at) => {
        const value = reading[feature];
        if (value !== undefined && Number.isFinite(value)) push(at, value);
      });
    },
    of,
    least,
    pack: () =>
      Object.fromEntries(
        features.flatMap((feature) => {
          const one = of(feature);
          return one === undefined
            ? []
            : [[feature, [rounded(one.median), rounded(one.spread), one.windows]]];
        }),
      ),
  };

  function push(at: number, value: number): void {
    const count = counts[at] as number;
    kept[at * keptWindows + (count % keptWindows)] = value;
    counts[at] = count + 1;
  }

  function of(feature: Feature): Usual | undefined {
    const at = features.indexOf(feature);
    const count = counts[at] as number;
    if (count === 0) return undefined;
    const before = known.get(feature);
    const isFresh = before !== undefined && count - before.count < (count > least ? refreshAfter : 1);
    if (isFresh) return before.usual;
    const values = kept.slice(at * keptWindows, at * keptWindows + Math.min(count, keptWindows)).sort();
    const median = medianOf(values);
    const spread = medianOf(values.map((value) => Math.abs(value - median)).sort());
    const usual = { median, spread, windows: values.length };
    known.set(feature, { usual, count });
    return usual;
  }
}

/** The middle of sorted values. */
function medianOf(sorted: Float32Array): number {
  const middle = sorted.length >> 1;
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
}

/** As many values as there were windows, of the same median and spread. */
function valuesLike([median, spread, windows]: [number, number, number]): number[] {
  const count = Math.min(keptWindows, Math.max(0, Math.floor(windows)));
  return Array.from({ length: count }, (_, at) => median + ((at % 3) - 1) * spread);
}

function rounded(value: number): number {
  return Number(value.toPrecision(5));
}

/**
 * How far above the usual something is, in thresholds: above 1 it is high. The threshold is the largest of three
 * spreads, a tenth and `least`; the spread of a dozen windows is itself a guess and is widened.
 */
export function excessRatio(value: number, usual: Usual, least: number, more = 0): number {
  return (value - usual.median) / thresholdOf(usual, least, more);
}

export function thresholdOf({ median, spread, windows }: Usual, least: number, more = 0): number {
  return Math.max(3 * spread * (1 + 4 / windows), 0.1 * median, least, more);
}
