/** Lost questions of one flow that follow each other: `lost` of those from the first to the last of them. */
export interface LostRun {
  from: number;
  to: number;
  lost: number;
}

/**
 * A silent flow loses all that follow each other, for days perhaps, and so is one run. Only what was slept through begins
 * another one. Beyond so many, what is known of them becomes less exact rather than more.
 */
export const mostLostRuns = 16;

/** Notes in place that `seq` is lost; those of one flow are told in their order. */
export function addLost(runs: LostRun[], seq: number): void {
  const last = runs.at(-1);
  if (last === undefined || (seq !== last.to + 1 && runs.length < mostLostRuns)) {
    runs.push({ from: seq, to: seq, lost: 1 });
    return;
  }
  last.to = seq;
  last.lost++;
}

/** The runs as far as they are newer than `seq`. */
export function lostAfter(runs: readonly LostRun[], seq: number): LostRun[] {
  return runs.flatMap((run) => {
    if (run.from > seq) return [run];
    // In a run with gaps those not lost are taken to be its newest.
    const lost = Math.max(0, run.lost - (seq - run.from + 1));
    return run.to <= seq || lost === 0 ? [] : [{ from: seq + 1, to: run.to, lost }];
  });
}

/** How many questions are lost in all of them. */
export function lostIn(runs: readonly LostRun[]): number {
  return runs.reduce((sum, { lost }) => sum + lost, 0);
}
