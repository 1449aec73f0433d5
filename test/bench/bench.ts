/** What a figure is held against. A ratio is ours divided by the peer's. */
export interface Goal {
  of: 'ours' | 'ratio';
  is: 'at least' | 'at most';
  value: number;
}

/** One line of the table: a measured number, a peer's beside it where there is one. */
export interface Figure {
  name: string;
  unit: string;
  /** Median over the repetitions. */
  ours: number;
  /** Absent when there is no peer, or when it is not installed. */
  peer?: number;
  goal?: Goal;
}

/** Something that must be exact, also in a smoke run. */
export interface Count {
  name: string;
  expected: number;
  found: number;
}

export interface BenchResult {
  figures: Figure[];
  counts: Count[];
  /** What a reader of the figures must know: an absent peer, for one. */
  notes: string[];
}

export interface BenchRun {
  /** A few seconds: looks whether it runs and counts right, says nothing about speed. */
  smoke: boolean;
  /** Tells people what is going on. */
  say: (line: string) => void;
}

export interface Bench {
  name: string;
  /** What it measures, in a sentence. */
  about: string;
  run(run: BenchRun): Promise<BenchResult>;
}

/** Whether a figure meets its goal; `undefined` without a goal, or where the peer it needs is absent. */
export function isMet({ ours, peer, goal }: Figure): boolean | undefined {
  if (goal === undefined) return undefined;
  const value = goal.of === 'ours' ? ours : ratioOf({ ours, ...(peer === undefined ? {} : { peer }) });
  if (value === undefined) return undefined;
  return goal.is === 'at least' ? value >= goal.value : value <= goal.value;
}

export function ratioOf({ ours, peer }: Pick<Figure, 'ours' | 'peer'>): number | undefined {
  return peer === undefined || peer === 0 ? undefined : ours / peer;
}

/** The middle one; of an even number, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Linear between neighbours; `NaN` without values. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const rank = share * (sorted.length - 1);
  const low = sorted[Math.floor(rank)] ?? NaN;
  const high = sorted[Math.ceil(rank)] ?? NaN;
  return low + (high - low) * (rank - Math.floor(rank));
}
