import type { BandwidthResult, Direction } from '@netring/contract/bandwidth';
import { openControl, type Control } from './bandwidth-control.ts';
import { runDirection } from './bandwidth-direction.ts';
import { stopped, type Failure } from './outcome.ts';

/** A leased test, as the agent orders it. */
export interface BandwidthOrder {
  fence: number;
  host: string;
  port: number;
  /** The ticket as it travels in a header. */
  ticket: string;
  /** On this machine's monotonic clock: everything has ended by then. */
  deadlineAtMs: number;
  /** This member's own bound, bytes each way. */
  mostBytes: number;
  /** Whether people chose that bound: then they are told when it is too small for the path. */
  sizeIsSet: boolean;
}

export interface BandwidthRun {
  results: BandwidthResult[];
  /** Bytes that came and went, both directions. */
  bytes: number;
}

/** Between the two directions: the queue that the first has filled runs empty. */
const connectTimeoutMs = 5000;

/** Measures both directions, one after the other, and never beyond the deadline. It does not throw. */
export async function runBandwidth(
  order: BandwidthOrder,
  now: () => number,
  signal: AbortSignal,
): Promise<BandwidthRun> {
  const opened = await openControl(order, now, connectTimeoutMs);
  if ('failure' in opened) return failed(opened.failure);
  const { control } = opened;
  const onAbort = () => control.close();
  signal.addEventListener('abort', onAbort, { once: true });
  const deadline = setTimeout(() => control.close(), Math.max(0, order.deadlineAtMs - now()));
  try {
    await control.idle();
    const results: BandwidthResult[] = [];
    for (const direction of ['forward', 'return'] as const) {
      const leftMs = order.deadlineAtMs - now();
      // Of what is left, the first direction takes half.
      const untilMs = now() + (direction === 'forward' ? leftMs / 2 : leftMs) - 500;
      results.push(
        signal.aborted
          ? failedResult(direction, stopped)
          : await runDirection(order, direction, control, now, untilMs),
      );
    }
    return { results, bytes: results.reduce((sum, one) => sum + one.bytes, 0) };
  } finally {
    clearTimeout(deadline);
    signal.removeEventListener('abort', onAbort);
    control.close();
  }
}

function failed(failure: Failure): BandwidthRun {
  return { results: (['forward', 'return'] as const).map((one) => failedResult(one, failure)), bytes: 0 };
}

/** The result of a direction in which nothing could be sent. */
export function failedResult(direction: Direction, failure: Failure): BandwidthResult {
  return { direction, ...failure, bytes: 0, seconds: 0, streams: 0 };
}

export type { Control };
