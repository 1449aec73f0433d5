import type { CollectingFigures } from '../discovery/index.ts';
import { Counter, Gauge, type Registry } from './prometheus.ts';

/** Few and bounded: what a source saw in detail is in the member's inventory. Nothing where discovery is off. */
export function discoveryMetrics(registers: Registry[], figures: () => CollectingFigures | undefined): void {
  new Counter({
    name: 'netring_discovery_observations_total',
    help: 'Observations counted.',
    registers,
    collect() {
      this.reset();
      this.inc(figures()?.taken ?? 0);
    },
  });
  new Counter({
    name: 'netring_discovery_rejected_total',
    help: 'Observations that were not counted, by reason.',
    labelNames: ['reason'],
    registers,
    collect() {
      this.reset();
      for (const [reason, count] of figures()?.rejected ?? []) this.inc({ reason }, count);
    },
  });
  new Counter({
    name: 'netring_discovery_dropped_total',
    help: 'What found no room in reports, by what it is; dependencies: most of one bucket.',
    labelNames: ['what'],
    registers,
    collect() {
      this.reset();
      const now = figures();
      if (now === undefined) return;
      for (const [what, count] of Object.entries(now.dropped)) this.inc({ what }, count);
      this.inc({ what: 'callers' }, now.foldedCallers);
    },
  });
  new Gauge({
    name: 'netring_discovery_buckets_waiting',
    help: 'Buckets of traffic that the registry does not have in full.',
    registers,
    collect() {
      this.set(figures()?.bucketsWaiting ?? 0);
    },
  });
  new Gauge({
    name: 'netring_discovery_sources',
    help: 'Sources of observations by kind and state.',
    labelNames: ['kind', 'state'],
    registers,
    collect() {
      this.reset();
      for (const { kind, state } of figures()?.sources ?? []) this.inc({ kind, state });
    },
  });
  new Counter({
    name: 'netring_discovery_source_rejected_total',
    help: 'Lines, spans and sockets that a source could not use, by kind of source and reason.',
    labelNames: ['kind', 'reason'],
    registers,
    collect() {
      this.reset();
      for (const { kind, rejected } of figures()?.sources ?? [])
        for (const [reason, count] of Object.entries(rejected)) this.inc({ kind, reason }, count);
    },
  });
}
