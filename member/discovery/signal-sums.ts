import type { TrafficSignals } from '@netring/contract/traffic';
import type { SignalValues } from './collector.ts';

/** What adds up. */
const counts = [
  'connections',
  'new_connections',
  'bytes_sent',
  'bytes_retransmitted',
  'retransmits',
  'busy_ms',
  'rwnd_limited_ms',
  'sndbuf_limited_ms',
] as const;
const sums = ['connect', 'proxy', 'origin', 'callee', 'between'] as const;
/** As many as the contract takes. */
const mostTuples = 4;
/** Looks within one bucket whose medians are remembered: one a second would be ten. */
const mostLooks = 32;

/** The signals of one dependency in one bucket, adding up. */
export interface SignalSum {
  readonly of: Pick<TrafficSignals, 'source' | 'target' | 'protocol' | 'evidence'>;
  readonly values: SignalValues;
  /** Median round trips of each look, with the connections that they are of. */
  readonly looks: { rttMs: number; connections: number }[];
}

/** Adds `more` to `sum`, in place. */
export function addSignals({ values, looks }: SignalSum, more: SignalValues): void {
  for (const name of counts) {
    const value = more[name];
    if (value !== undefined) values[name] = (values[name] ?? 0) + value;
  }
  for (const name of sums) {
    const value = more[name];
    if (value === undefined) continue;
    const sum = (values[name] ??= { sum_ms: 0, count: 0 });
    sum.sum_ms += value.sum_ms;
    sum.count += value.count;
  }
  const floor = more.rtt_floor_ms;
  if (floor !== undefined) values.rtt_floor_ms = Math.min(values.rtt_floor_ms ?? Infinity, floor);
  if (more.rtt_ms !== undefined && looks.length < mostLooks)
    looks.push({ rttMs: more.rtt_ms, connections: Math.max(1, more.connections ?? 1) });
  if (more.queue_bytes !== undefined) addQueue(values, more.queue_bytes);
  if (more.tuples !== undefined)
    values.tuples = [...new Set([...(values.tuples ?? []), ...more.tuples])].slice(0, mostTuples);
}

function addQueue(values: SignalValues, queue: NonNullable<SignalValues['queue_bytes']>): void {
  const before = values.queue_bytes;
  values.queue_bytes =
    before === undefined
      ? { ...queue }
      : {
          last: queue.last,
          min: Math.min(before.min, queue.min),
          max: Math.max(before.max, queue.max),
          sum: before.sum + queue.sum,
          count: before.count + queue.count,
        };
}

/** A sum as the contract has it. */
export function signalsOfSum({ of, values, looks }: SignalSum): TrafficSignals {
  const rttMs = weightedMedian(looks);
  return { ...of, ...values, ...(rttMs === undefined ? {} : { rtt_ms: rttMs }) };
}

function weightedMedian(looks: SignalSum['looks']): number | undefined {
  const ordered = [...looks].sort((a, b) => a.rttMs - b.rttMs);
  const half = ordered.reduce((sum, { connections }) => sum + connections, 0) / 2;
  let seen = 0;
  return ordered.find(({ connections }) => (seen += connections) >= half)?.rttMs;
}
