import { randomUUID } from 'node:crypto';
import { isIP } from 'node:net';
import type { Trace } from '@netring/contract/trace';
import { canonicalAddress } from './icmp-packet.ts';
import type { Names } from './names.ts';
import type { StallWatch } from './stalls.ts';
import type { RawTrace, Tracer } from './traceroute.ts';
import { traceOf, type TraceNaming } from './traceroute-result.ts';

/** One trace that is to be made now. */
export interface TraceOrder extends Omit<TraceNaming, 'id'> {
  /** A name, or an address without brackets. */
  host: string;
  maxHops: number;
}

/** Whatever is asked for: no further, no more at once, and no more waiting than all targets of a member. */
const maxHops = 64;
const atOnce = 8;
const mostWaiting = 512;
/** A trace during which this process was held up is made again, this often at most. */
const tries = 2;
/** A name server is waited for no longer: meanwhile the trace is one of those at once. */
const nameWithinMs = 5000;
/** Most routers answer six probes of one member at once, and one a second after that: sooner, they would be silent. */
const pauseMs = 4000;

/** Makes traces in the order they are asked for, a few at once. */
export interface TraceDesk {
  take(order: TraceOrder): void;
  stop(): void;
}

export interface TraceDeskNeeds {
  tracer: Tracer;
  names: Names;
  watch: StallWatch;
  now: () => number;
  onTrace: (trace: Trace) => void;
}

export function createTraceDesk(needs: TraceDeskNeeds): TraceDesk {
  const stopping = new AbortController();
  let waiting: TraceOrder[] = [];
  let running = 0;

  const goOn = () => {
    while (running < atOnce) {
      const order = waiting.shift();
      if (order === undefined) return;
      running++;
      void make(order, needs, stopping.signal).then((trace) => {
        running--;
        if (stopping.signal.aborted) return;
        needs.onTrace(trace);
        goOn();
      });
    }
  };
  return {
    take(order) {
      // The same once more would tell nothing new, unless somebody waits for the answer.
      waiting = waiting.filter((one) => one.target !== order.target || one.task !== undefined);
      if (waiting.length >= mostWaiting) return;
      waiting.push({ ...order, maxHops: Math.min(maxHops, order.maxHops) });
      goOn();
    },
    stop() {
      waiting = [];
      stopping.abort();
    },
  };
}

async function make(order: TraceOrder, needs: TraceDeskNeeds, signal: AbortSignal): Promise<Trace> {
  const { target, cause, task, host } = order;
  const naming: TraceNaming = { id: randomUUID(), target, cause, ...(task !== undefined && { task }) };
  const address = await addressOf(host, needs);
  if (typeof address !== 'string') return traceOf(naming, host, address, []);
  for (let left = tries; ; left--) {
    needs.watch.enter();
    const raw = await needs.tracer.trace(address, order.maxHops, signal);
    const trace = traceOf(naming, address, raw, needs.watch.stalls(raw.startedMs));
    needs.watch.leave();
    const wasHeldUp = trace.outcome === 'void' && raw.failure === undefined;
    if (!wasHeldUp || left === 1 || signal.aborted) return trace;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

/** The address of a host, or how a trace to it ends. */
async function addressOf(host: string, { names, now }: TraceDeskNeeds): Promise<string | RawTrace> {
  if (isIP(host) !== 0) return canonicalAddress(host);
  const startedMs = now();
  const found = await names.addressOf(host, nameWithinMs);
  if (typeof found === 'string') return canonicalAddress(found);
  return { probes: [], startedMs, endedMs: now(), failure: found };
}
