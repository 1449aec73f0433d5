import type { Histogram } from '@netring/contract/histogram';
import { valueOf } from '@netring/contract/histogram';
import type { PathTotals } from '@netring/contract/report';
import { latencyOf } from '@netring/contract/result';
import { checksMark, endedMark, markedTotals } from './facts.ts';
import { template } from './template.ts';

const counters = ['checks', 'failed', 'voided', 'sent', 'lost'] as const;

/** The facts of a report in the text format of Prometheus: counters, the latency histogram, the newest result. */
export function expositionBodies(at: number): (values: { checks: number; endedMs: number }) => string {
  const totals = markedTotals(at);
  const lines = [
    ...counters.flatMap((name) => family(`netring_${name}_total`, 'counter', totals, (one) => one[name])),
    '# TYPE netring_latency_ms histogram',
    ...totals.flatMap((one) => histogramLines(labelsOf(one), one.latency)),
    ...family('netring_last_latency_ms', 'gauge', totals, (one) => latencyOf(one.last) ?? 0),
    ...family('netring_last_ended_ms', 'gauge', totals, (one) => one.last.ended_ms),
    ...family('netring_last_ok', 'gauge', totals, (one) => (one.last.outcome === 'ok' ? 1 : 0)),
  ];
  const fill = template(lines.join('\n') + '\n', [checksMark, endedMark]);
  return ({ checks, endedMs }) => fill([String(checks), String(endedMs)]);
}

function labelsOf({ target, last, endpoint }: PathTotals): string {
  const where = endpoint === undefined ? '' : `,endpoint="${endpoint}"`;
  return `target="${target}",kind="${last.kind}"${where}`;
}

function family(
  name: string,
  type: 'counter' | 'gauge',
  totals: readonly PathTotals[],
  valueFrom: (one: PathTotals) => number,
): string[] {
  return [`# TYPE ${name} ${type}`, ...totals.map((one) => `${name}{${labelsOf(one)}} ${valueFrom(one)}`)];
}

function histogramLines(labels: string, [bucket, count]: Histogram): string[] {
  const le = valueOf(bucket as number);
  return [
    `netring_latency_ms_bucket{${labels},le="${le}"} ${count}`,
    `netring_latency_ms_bucket{${labels},le="+Inf"} ${count}`,
    `netring_latency_ms_sum{${labels}} ${count}`,
    `netring_latency_ms_count{${labels}} ${count}`,
  ];
}
