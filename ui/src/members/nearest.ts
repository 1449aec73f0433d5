import type { LocationPath } from '@netring/contract/path';

/** The lowest median latency over these paths, milliseconds, and when its newest check was (epoch milliseconds); `undefined` when nothing timed them. */
export function nearestOf(
  paths: readonly Pick<LocationPath, 'checks'>[],
): { latencyMs: number; atMs: number } | undefined {
  const timed = paths.flatMap(({ checks }) =>
    checks.flatMap(({ p50_ms: latencyMs, at_ms: atMs }) =>
      latencyMs === undefined ? [] : [{ latencyMs, atMs }],
    ),
  );
  return timed.sort((one, other) => one.latencyMs - other.latencyMs || other.atMs - one.atMs)[0];
}
