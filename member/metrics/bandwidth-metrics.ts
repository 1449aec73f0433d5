import { monotonicMs } from '../clock.ts';
import { keyOf, pathLabels, type PathLabels } from './path-labels.ts';
import { Gauge, type Registry } from './prometheus.ts';

/** Rates hold until three tests are missed; then their series go, as they do with their target. */
export function bandwidthMetrics(registers: Registry[]) {
  interface Rate {
    labels: PathLabels;
    mbps: number;
    atMs: number;
    holdsMs: number;
  }
  const rates = new Map<string, Rate>();
  const holding = () => {
    for (const [key, { atMs, holdsMs }] of rates) if (monotonicMs() - atMs > holdsMs) rates.delete(key);
    return [...rates.values()];
  };
  new Gauge({
    name: 'netring_bandwidth_mbps',
    help: 'Last valid rate of TCP payload from the source to the target, megabits (10^6) a second, told by who tested: of tests of its own, both directions. Gone when three tests were missed.',
    labelNames: pathLabels,
    registers,
    collect() {
      this.reset();
      for (const { labels, mbps } of holding()) this.set(labels, mbps);
    },
  });
  new Gauge({
    name: 'netring_bandwidth_age_seconds',
    help: 'Since that rate was measured.',
    labelNames: pathLabels,
    registers,
    collect() {
      this.reset();
      for (const { labels, atMs } of holding()) this.set(labels, (monotonicMs() - atMs) / 1000);
    },
  });
  return {
    set(labels: PathLabels, mbps: number, holdsMs: number) {
      rates.set(keyOf(labels), { labels, mbps, atMs: monotonicMs(), holdsMs });
    },
    keepOnly(kept: readonly PathLabels[]) {
      const keys = new Set(kept.map(keyOf));
      for (const key of rates.keys()) if (!keys.has(key)) rates.delete(key);
    },
  };
}
