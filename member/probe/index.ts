export type { Measured } from './confirm.ts';
export { startProbeProcess, type ProbeProcess, type ProbeState } from './forked.ts';
export type { Orders, Pulse } from './messages.ts';
export type { Options, RoundKind, Target } from './probe.ts';
