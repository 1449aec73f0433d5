import type { Socket } from 'node:net';
import type { Trace } from '@netring/contract/trace';
import { runBandwidth, type BandwidthOrder, type BandwidthRun } from './bandwidth.ts';
import { createFarEnd, type Admitted } from './bandwidth-far.ts';
import type { Measured } from './confirm.ts';

/** The agent orders a leased test, or hands over a connection of somebody else's that it has admitted. */
export type ToBandwidth =
  | { type: 'bandwidth-test'; id: string; order: BandwidthOrder }
  | { type: 'bandwidth-serve'; admitted: Admitted };

/** What became of them. */
export type FromBandwidth =
  | { type: 'bandwidth-done'; id: string; run: BandwidthRun }
  | { type: 'bandwidth-served'; fence: number; bytes: number };

/** Bandwidth tests in the probe process, at both ends. */
export interface BandwidthDuty {
  take(message: ToBandwidth, socket: Socket | undefined): void;
  /** Whether a test has gone on since then, or what it stirred up was still settling. */
  disturbedSince(fromMs: number): boolean;
  /** Marks a finding part of whose time a test went on. */
  marked(measured: Measured): Measured;
  /** A trace that was made meanwhile is void: the steps that it shows are those of our own queue. */
  judgedTrace(trace: Trace): Trace;
}

/** So long a queue that was filled runs empty. */
const settleMs = 1_000;

export function createBandwidthDuty(
  now: () => number,
  send: (message: FromBandwidth) => void,
): BandwidthDuty {
  let running: AbortController | undefined;
  let lastMs = -Infinity;
  const farEnd = createFarEnd(now, ({ fence, received, sent }) => {
    lastMs = now();
    send({ type: 'bandwidth-served', fence, bytes: received + sent });
  });

  const test = async (id: string, order: BandwidthOrder) => {
    running?.abort();
    const controller = new AbortController();
    running = controller;
    const run = await runBandwidth(order, now, controller.signal);
    lastMs = now();
    if (running === controller) running = undefined;
    send({ type: 'bandwidth-done', id, run });
  };
  const disturbedSince = (fromMs: number) =>
    running !== undefined || farEnd.isServing() || fromMs <= lastMs + settleMs;
  return {
    take(message, socket) {
      if (message.type === 'bandwidth-test') return void test(message.id, message.order);
      if (socket !== undefined) farEnd.serve(socket, message.admitted);
    },
    disturbedSince,
    marked(measured) {
      if (!disturbedSince(measured.startedMs)) return measured;
      return { ...measured, result: { ...measured.result, disturbed: true } };
    },
    judgedTrace(trace) {
      if (!trace.reached || !disturbedSince(trace.started_ms)) return trace;
      const { path_id: _, worst_step: __, ...rest } = trace;
      const reason = 'a bandwidth test of ours went on during this trace';
      return { ...rest, outcome: 'void', reason, reached: false, hops: [] };
    },
  };
}
