import type { Baseline, LocationBaseline } from '@netring/contract/baseline';

/** What is usual between locations, from what is usual between members: the median of medians, and of spreads. */
export function locationBaselines(
  paths: Iterable<{ source: string; target: string; baselines: readonly Baseline[] }>,
  locationOf: (id: string) => string | undefined,
): LocationBaseline[] {
  const groups = new Map<
    string,
    { of: Omit<LocationBaseline, 'median_ms' | 'spread_ms'>; all: Baseline[] }
  >();
  for (const { source: from, target: to, baselines } of paths) {
    const external = /^external:(.*)$/s.exec(to)?.[1];
    const source = locationOf(from);
    const target = external ?? locationOf(to);
    if (source === undefined || target === undefined) continue;
    const target_kind = external === undefined ? 'member' : 'external';
    for (const one of baselines) {
      const key = JSON.stringify([source, target, target_kind, one.kind]);
      const group = groups.get(key) ?? { of: { source, target, target_kind, kind: one.kind }, all: [] };
      group.all.push(one);
      groups.set(key, group);
    }
  }
  return [...groups.values()].map(({ of, all }) => ({
    ...of,
    median_ms: middle(all.map((one) => one.median_ms)),
    spread_ms: middle(all.map((one) => one.spread_ms)),
  }));
}

function middle(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;
}
