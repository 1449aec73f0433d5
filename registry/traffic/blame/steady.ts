/** Ratios of the last windows of one sign, the newest last; above 1 the window was bad. */
export interface SignMemory {
  ratios: number[];
  /** Since when it holds, epoch milliseconds; absent while it does not. */
  sinceMs?: number;
}

const remembered = 6;

/** So much above the threshold, two windows in a row are no chance: with normal noise four deviations each. */
const strong = 2;
/** Three bad windows in a row that are together so far above. */
const threeTogether = 4.5;
/** Below this share of the threshold a window is good again. */
const goodBelow = 0.7;

/**
 * Takes the next window of a sign: pure, so that every replica that sees the same windows says the same. A sign begins
 * with two strong windows, or three that are clearly bad, or six bad ones; it ends with two good windows, or three that
 * are below the threshold.
 */
export function nextWindow(before: SignMemory, ratio: number, startMs: number, windowMs: number): SignMemory {
  const ratios = [...before.ratios, Number.isFinite(ratio) ? ratio : 0].slice(-remembered);
  if (before.sinceMs !== undefined) {
    const isOver =
      last(ratios, 2).every((one) => one < goodBelow) || last(ratios, 3).every((one) => one <= 1);
    return isOver && ratios.length >= 2 ? { ratios } : { ratios, sinceMs: before.sinceMs };
  }
  if (!begins(ratios)) return { ratios };
  const bad = ratios.length - 1 - ratios.findLastIndex((one) => one <= 1);
  return { ratios, sinceMs: startMs - (bad - 1) * windowMs };
}

function begins(ratios: readonly number[]): boolean {
  const isRun = (count: number) => ratios.length >= count && last(ratios, count).every((one) => one > 1);
  if (ratios.length >= 2 && last(ratios, 2).every((one) => one >= strong)) return true;
  if (isRun(3) && last(ratios, 3).reduce((sum, one) => sum + one, 0) >= threeTogether) return true;
  return isRun(remembered);
}

function last(ratios: readonly number[], count: number): readonly number[] {
  return ratios.slice(-count);
}
