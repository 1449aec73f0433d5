import type { HistoryPoint } from '@netring/contract/history';
import type { CheckKind } from '@netring/contract/result';

/** The kinds that a chart can show, that of the purest round trip first. Not taken from the contract, which would bring its schemas along. */
const kinds: readonly CheckKind[] = ['icmp', 'tcp', 'http', 'udp'];

/** Columns of equal length: times in epoch seconds first, then one column a line; `null` where nothing was measured. */
export type Columns = [number[], ...(number | null)[][]];

/** One value of each line at a step of the history. */
type Pick = (point: HistoryPoint) => (number | undefined)[];

/** Lines over time from the steps of a history. Where steps are missing, the lines break. */
function columns(points: readonly HistoryPoint[], stepMs: number, lines: number, pick: Pick): Columns {
  const times: number[] = [];
  const drawn = Array.from({ length: lines }, (): (number | null)[] => []);
  const push = (atMs: number, values: (number | undefined)[]): void => {
    times.push(atMs / 1000);
    for (const [index, line] of drawn.entries()) line.push(values[index] ?? null);
  };
  let before: number | undefined;
  for (const point of points) {
    if (before !== undefined && point.at_ms - before > 1.5 * stepMs) push(before + stepMs, []);
    push(point.at_ms, pick(point));
    before = point.at_ms;
  }
  return [times, ...drawn];
}

/** Median and 95th percentile of one kind of probe, in milliseconds. */
export function latencyColumns(points: readonly HistoryPoint[], stepMs: number, kind: CheckKind): Columns {
  return columns(points, stepMs, 2, ({ checks }) => {
    const check = checks.find((one) => one.kind === kind);
    return [check?.p50_ms, check?.p95_ms];
  });
}

/** Loss of one kind of probe in percent. */
export function lossColumns(points: readonly HistoryPoint[], stepMs: number, kind: CheckKind): Columns {
  return columns(points, stepMs, 1, ({ checks }) => {
    const check = checks.find((one) => one.kind === kind);
    return [check === undefined || check.sent === 0 ? undefined : (100 * check.lost) / check.sent];
  });
}

/**
 * The newest valid rates forward and back that held at each step, in megabits a second. A rate stands at every step until
 * three tests are missed, so a value is no test of its own. Steps at which none held are left out.
 */
export function bandwidthColumns(points: readonly HistoryPoint[]): Columns {
  const known = points.filter((one) => one.forward_mbps !== undefined || one.return_mbps !== undefined);
  return columns(known, Infinity, 2, (point) => [point.forward_mbps, point.return_mbps]);
}

/**
 * The worst step of the newest trace at each step of time, in milliseconds. It stands until the next trace, so a value is no
 * trace of its own. Steps without one are left out.
 */
export function worstStepColumns(points: readonly HistoryPoint[]): Columns {
  const traced = points.filter((one) => one.worst_step_ms !== undefined);
  return columns(traced, Infinity, 1, (point) => [point.worst_step_ms]);
}

/** The kinds of probe that a history holds. */
export function kindsIn(points: readonly HistoryPoint[]): CheckKind[] {
  return kinds.filter((kind) => points.some(({ checks }) => checks.some((one) => one.kind === kind)));
}

/** Lowest, highest and last value of the first line; `undefined` when it has none. */
export function extent(values: Columns): { low: number; high: number; last: number } | undefined {
  const known = values[1]?.filter((value) => value !== null) ?? [];
  const last = known.at(-1);
  if (last === undefined) return undefined;
  return { low: Math.min(...known), high: Math.max(...known), last };
}
