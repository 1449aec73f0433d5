import type { ProbeKind } from '@netring/contract/result';
import type { Trace } from '@netring/contract/trace';
import type { FromBandwidth, ToBandwidth } from './bandwidth-duty.ts';
import type { Measured } from './confirm.ts';
import type { Options, RoundKind, Target } from './probe.ts';
import type { TraceOrder } from './traceroute-desk.ts';

/** What the probe process is to do from now on; replaces everything it was told before. */
export interface Orders {
  type: 'orders';
  targets: Target[];
  intervalMs: number;
  options: Record<RoundKind, Options>;
  /** Absent: nothing is asked or answered over UDP. */
  udp?: UdpOrders;
}

/** What asking and answering over UDP needs. */
export interface UdpOrders {
  /** This member's own name: it answers only what is meant for it. */
  instanceId: string;
  /** Where it answers. */
  host: string;
  port: number;
  /** Hex, derived from the join tokens; the current one first. */
  keys: string[];
}

/** A kind of probe that this process cannot make, and why. */
export interface Off {
  kind: ProbeKind;
  reason: string;
}

/** How the probe process is, every few seconds, also when it has nothing to do. */
export interface Pulse {
  type: 'pulse';
  /** 99th percentile of its event-loop delay since the last pulse. */
  eventLoopDelayMs: number;
  cpuSeconds: number;
  residentBytes: number;
  off: Off[];
  /** What it answers when others probe it; undefined until that is known. */
  answers: string[] | undefined;
}

/** A trace to make now, beside what the orders say. */
export interface TraceMessage {
  type: 'trace';
  order: TraceOrder;
}

/** One that was made. */
export interface Traced {
  type: 'traced';
  trace: Trace;
}

export interface Batch {
  type: 'measured';
  measured: Measured[];
}

export type FromProbeProcess = Pulse | Batch | Traced | FromBandwidth;
export type ToProbeProcess = Orders | TraceMessage | ToBandwidth;

export const pulseMs = 5000;
