import type { Measured } from './confirm.ts';
import type { Options, RoundKind, Target } from './probe.ts';

/** What the probe process is to do from now on; replaces everything it was told before. */
export interface Orders {
  type: 'orders';
  targets: Target[];
  intervalMs: number;
  options: Record<RoundKind, Options>;
}

/** How the probe process is, every few seconds, also when it has nothing to do. */
export interface Pulse {
  type: 'pulse';
  /** 99th percentile of its event-loop delay since the last pulse. */
  eventLoopDelayMs: number;
  cpuSeconds: number;
  residentBytes: number;
}

export interface Batch {
  type: 'measured';
  measured: Measured[];
}

export type FromProbeProcess = Pulse | Batch;

export const pulseMs = 5000;
