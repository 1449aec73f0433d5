import type { HourEntry } from './shelf.ts';

/** Resolutions that an hour may have, minutes: lowered one by one before any time is lost. */
export const stepsMinutes = [1, 5, 15, 60] as const;

/** What to do so that history fits its bound. */
export type Relief =
  { kind: 'none' } | { kind: 'coarsen'; hour: number; stepMinutes: number } | { kind: 'drop'; hour: number };

/**
 * The next thing to do when the packed hours take more than `boundBytes`: the finest hours lose resolution first, of
 * these the oldest; only when all are as coarse as can be the oldest goes.
 */
export function reliefFor(index: ReadonlyMap<number, HourEntry>, boundBytes: number): Relief {
  const hours = [...index].sort(([a], [b]) => a - b);
  const bytes = hours.reduce((sum, [, entry]) => sum + entry.bytes, 0);
  if (bytes <= boundBytes) return { kind: 'none' };
  for (const [at, step] of stepsMinutes.slice(0, -1).entries()) {
    const found = hours.find(([, entry]) => entry.stepMinutes === step);
    if (found !== undefined)
      return { kind: 'coarsen', hour: found[0], stepMinutes: stepsMinutes[at + 1] as number };
  }
  return { kind: 'drop', hour: (hours[0] as [number, HourEntry])[0] };
}
