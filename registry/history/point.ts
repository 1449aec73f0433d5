import type { HistoryPoint } from '@netring/contract/history';
import { percentile } from '@netring/contract/histogram';
import { checkKinds } from '@netring/contract/result';
import { worseOf, type MinuteOfPath } from '../paths/index.ts';

/** A step of history, as it is kept and told. */
export type Point = HistoryPoint;
export type PointCheck = Point['checks'][number];

/** The point of one minute. Rates, worst step and route are those that held in it: their tests and traces may be older. */
export function pointOf(minute: MinuteOfPath, atMs: number): Point {
  const { route, bandwidth } = minute;
  return {
    at_ms: atMs,
    state: minute.state,
    checks: minute.checks.map(({ kind, sent, lost, latency, jitterMs }) => ({
      kind,
      sent,
      lost,
      ...rounded({
        p50_ms: percentile(latency, 0.5),
        p95_ms: percentile(latency, 0.95),
        p99_ms: percentile(latency, 0.99),
        jitter_ms: jitterMs,
      }),
    })),
    ...present({
      forward_mbps: bandwidth?.forward_mbps,
      return_mbps: bandwidth?.return_mbps,
      worst_step_ms: route?.worst_step?.added_ms,
      worst_step_ip: route?.worst_step?.ip,
      path_id: route?.path_id,
    }),
  };
}

/**
 * Several points as one: counts add up, the median is that of the medians by their weight, other percentiles and jitter
 * are the worst of theirs, rates the lowest, the worst step the highest, the state the worst.
 */
export function mergePoints(points: readonly Point[], atMs: number): Point {
  const highest = points.reduce((one, other) =>
    (other.worst_step_ms ?? -1) > (one.worst_step_ms ?? -1) ? other : one,
  );
  return {
    at_ms: atMs,
    state: points.map(({ state }) => state).reduce(worseOf),
    checks: checkKinds.flatMap((kind) => {
      const checks = points.flatMap((point) => point.checks.filter((check) => check.kind === kind));
      return checks.length === 0 ? [] : [mergeChecks(checks)];
    }),
    ...present({
      forward_mbps: lowest(points.map((one) => one.forward_mbps)),
      return_mbps: lowest(points.map((one) => one.return_mbps)),
      worst_step_ms: highest.worst_step_ms,
      worst_step_ip: highest.worst_step_ip,
      path_id: points.findLast((one) => one.path_id !== undefined)?.path_id,
    }),
  };
}

function mergeChecks(checks: readonly PointCheck[]): PointCheck {
  return {
    kind: (checks[0] as PointCheck).kind,
    sent: checks.reduce((sum, one) => sum + one.sent, 0),
    lost: checks.reduce((sum, one) => sum + one.lost, 0),
    ...present({
      p50_ms: weightedMedian(checks),
      p95_ms: most(checks.map((one) => one.p95_ms)),
      p99_ms: most(checks.map((one) => one.p99_ms)),
      jitter_ms: most(checks.map((one) => one.jitter_ms)),
    }),
  };
}

function weightedMedian(checks: readonly PointCheck[]): number | undefined {
  const known = checks
    .flatMap(({ p50_ms, sent, lost }) =>
      p50_ms === undefined ? [] : [{ value: p50_ms, weight: Math.max(1, sent - lost) }],
    )
    .sort((a, b) => a.value - b.value);
  const total = known.reduce((sum, one) => sum + one.weight, 0);
  let seen = 0;
  return known.find((one) => (seen += one.weight) >= total / 2)?.value;
}

function most(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((one) => one !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}

function lowest(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((one) => one !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function present<T extends object>(fields: T): Present<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<T>;
}

function rounded<T extends Record<string, number | undefined>>(fields: T): Present<T> {
  const known = Object.entries(present(fields)) as [string, number][];
  return Object.fromEntries(known.map(([key, ms]) => [key, Math.round(ms * 1000) / 1000])) as Present<T>;
}
