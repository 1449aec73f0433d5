import { roundedMs } from './rounded.ts';

/** Round trips in short, milliseconds. */
export interface RoundTripFigures {
  min_ms?: number;
  median_ms?: number;
  max_ms?: number;
  jitter_ms?: number;
}

/**
 * Least, median and greatest of round trips in the order they were sent, and their jitter: the mean difference between
 * two in a row (RFC 3550 without its smoothing). Empty without any.
 */
export function roundTripFigures(inOrderMs: readonly number[]): RoundTripFigures {
  if (inOrderMs.length === 0) return {};
  const sorted = [...inOrderMs].sort((a, b) => a - b);
  const at = (rank: number) => sorted[rank] as number;
  const middle = (sorted.length - 1) / 2;
  const differences = inOrderMs.slice(1).map((ms, before) => Math.abs(ms - (inOrderMs[before] as number)));
  return {
    min_ms: roundedMs(at(0)),
    median_ms: roundedMs((at(Math.floor(middle)) + at(Math.ceil(middle))) / 2),
    max_ms: roundedMs(at(sorted.length - 1)),
    ...(differences.length > 0 && {
      jitter_ms: roundedMs(differences.reduce((sum, ms) => sum + ms, 0) / differences.length),
    }),
  };
}
