import type { Trace } from '@netring/contract/trace';
import { keyOf, pathLabels, type PathLabels } from './path-labels.ts';
import { Gauge, type Registry } from './prometheus.ts';

/** The newest trace of each target; its series go with the target. */
export function traceMetrics(registers: Registry[]) {
  const hops = new Gauge({
    name: 'netring_traceroute_hops_total',
    help: 'Hops of the last trace: to the target, or to the last router that answered.',
    labelNames: pathLabels,
    registers,
  });
  const worst = new Gauge({
    name: 'netring_traceroute_max_hop_latency_ms',
    help: 'Latency that the worst step of the last trace adds, as far as it persists to the target; absent when that did not answer.',
    labelNames: pathLabels,
    registers,
  });
  const worstStep = new Gauge({
    name: 'netring_traceroute_worst_step_info',
    help: 'Always 1; names the hop and the router that the worst step leads to.',
    labelNames: [...pathLabels, 'hop', 'hop_ip'],
    registers,
  });
  const shown = new Map<string, { labels: PathLabels; step: { hop: string; hop_ip: string } | undefined }>();
  const removeStep = (labels: PathLabels) => {
    const step = shown.get(keyOf(labels))?.step;
    if (step !== undefined) worstStep.remove({ ...labels, ...step });
    worst.remove(labels);
  };
  return {
    set(labels: PathLabels, { reached, hops: found, worst_step }: Trace) {
      removeStep(labels);
      const step = worst_step && { hop: String(worst_step.ttl), hop_ip: worst_step.ip };
      shown.set(keyOf(labels), { labels, step });
      hops.set(labels, found.length);
      if (reached) worst.set(labels, worst_step?.added_ms ?? 0);
      if (step !== undefined) worstStep.set({ ...labels, ...step }, 1);
    },
    keepOnly(kept: readonly PathLabels[]) {
      const keys = new Set(kept.map(keyOf));
      for (const [key, { labels }] of shown) {
        if (keys.has(key)) continue;
        removeStep(labels);
        hops.remove(labels);
        shown.delete(key);
      }
    },
  };
}
