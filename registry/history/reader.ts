import type { HistoryPoint } from '@netring/contract/history';
import { minuteMs } from '../paths/index.ts';
import type { Point } from './point.ts';
import { mergePoints } from './point.ts';
import { hourMs, type Shelf } from './shelf.ts';
import { inSteps } from './steps.ts';

/**
 * Of a location pair so many member paths are put together at most, evenly chosen: a day of each is 24 values. Those of
 * the plan come first, since others have a few minutes of history only.
 */
const mostPairs = 64;

/** A member path; `planned` absent: it is. */
export interface ReadPair {
  source: string;
  target: string;
  planned?: boolean;
}

/** Reads history on demand. */
export interface HistoryReader {
  /** The steps of these member paths together, from `fromMs` on and before `toMs`. */
  read(
    pairs: readonly ReadPair[],
    span: { fromMs: number; toMs: number; stepMs: number },
  ): Promise<HistoryPoint[]>;
}

export function createHistoryReader(shelf: Shelf): HistoryReader {
  return {
    async read(pairs, { fromMs, toMs, stepMs }) {
      const first = Math.floor(fromMs / hourMs);
      const hours = Array.from({ length: Math.ceil(toMs / hourMs) - first }, (_, at) => first + at);
      const index = await shelf.index();
      // An hour that was made coarser begins its steps before the span does.
      const within = (one: Point) => one.at_ms + widthMs(one.at_ms) > fromMs && one.at_ms < toMs;
      const widthMs = (atMs: number) => minuteMs * (index.get(Math.floor(atMs / hourMs))?.stepMinutes ?? 1);
      const paths: Point[][] = [];
      for (const { source, target } of chosen(pairs)) {
        const points = (await shelf.path(source, target, hours)).filter(within);
        paths.push(inSteps(points, stepMs));
      }
      return together(paths).map((point) => {
        const coarseMs = widthMs(point.at_ms);
        return coarseMs > stepMs ? { ...point, step_ms: coarseMs } : point;
      });
    },
  };
}

/** Steps of several member paths as those of their locations: down only where all of them are. */
function together(paths: readonly Point[][]): Point[] {
  if (paths.length === 1) return paths[0] as Point[];
  const steps = new Map<number, Point[]>();
  for (const point of paths.flat()) steps.set(point.at_ms, [...(steps.get(point.at_ms) ?? []), point]);
  return [...steps]
    .sort(([a], [b]) => a - b)
    .map(([atMs, points]) => {
      const merged = mergePoints(points, atMs);
      const isPart =
        merged.state === 'down' && points.some(({ state }) => state === 'ok' || state === 'degraded');
      return isPart ? { ...merged, state: 'degraded' } : merged;
    });
}

function chosen(pairs: readonly ReadPair[]): ReadPair[] {
  const planned = evenly(
    pairs.filter((one) => one.planned !== false),
    mostPairs,
  );
  const others = pairs.filter((one) => one.planned === false);
  return [...planned, ...evenly(others, mostPairs - planned.length)];
}

function evenly<T>(list: readonly T[], most: number): T[] {
  if (list.length <= most) return [...list];
  return Array.from({ length: most }, (_, at) => list[Math.floor((at * list.length) / most)] as T);
}
