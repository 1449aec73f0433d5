import type { PathFigures } from '@netring/contract/member-detail';
import type { MemberPath } from '@netring/contract/path';

const kindsFirst = ['tcp', 'icmp', 'http', 'udp'] as const;

/** Several member paths in a few numbers. */
export function pathFigures(paths: readonly MemberPath[]): PathFigures {
  const states = { ok: 0, degraded: 0, down: 0, unknown: 0, unproved: 0 };
  let checks = 0;
  let failed = 0;
  for (const path of paths) {
    states[path.proved ? path.state : 'unproved'] += 1;
    for (const { window } of path.checks) {
      checks += window.checks;
      failed += window.failed;
    }
  }
  const latency = mean(paths.flatMap((path) => medianOf(path) ?? []));
  const bandwidth = bandwidthOf(paths);
  const hops = hopsOf(paths);
  return {
    states,
    ...(latency !== undefined && { latency_ms: latency }),
    checks,
    failed,
    ...(bandwidth !== undefined && { bandwidth }),
    ...(hops !== undefined && { hops }),
  };
}

function medianOf({ checks }: MemberPath): number | undefined {
  for (const kind of kindsFirst) {
    const median = checks.find((one) => one.kind === kind && one.window.p50_ms !== undefined)?.window.p50_ms;
    if (median !== undefined) return median;
  }
  return undefined;
}

function bandwidthOf(paths: readonly MemberPath[]): PathFigures['bandwidth'] {
  const tested = paths.flatMap(({ bandwidth }) =>
    bandwidth?.forward_mbps === undefined ? [] : [{ mbps: bandwidth.forward_mbps, atMs: bandwidth.at_ms }],
  );
  const rates = tested.map(({ mbps }) => mbps);
  const average = mean(rates);
  if (average === undefined) return undefined;
  return {
    least_mbps: Math.min(...rates),
    mean_mbps: average,
    tested: tested.length,
    at_ms: Math.min(...tested.map(({ atMs }) => atMs)),
  };
}

function hopsOf(paths: readonly MemberPath[]): PathFigures['hops'] {
  const routes = paths.flatMap(({ route }) => (route?.reached === true ? [route] : []));
  if (routes.length === 0) return undefined;
  const hops = routes.map((route) => route.hops);
  return {
    least: Math.min(...hops),
    most: Math.max(...hops),
    at_ms: Math.min(...routes.map((route) => route.at_ms)),
  };
}

function mean(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  return Math.round((1000 * values.reduce((sum, one) => sum + one, 0)) / values.length) / 1000;
}
