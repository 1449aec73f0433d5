import type { CheckKind, Result } from '@netring/contract/result';
import { probeHttp } from './http.ts';
import { probeTcp } from './tcp.ts';

/** The kinds that are asked and answered in rounds, one target at a time. */
export type RoundKind = Extract<CheckKind, 'tcp' | 'http'>;

/** What one probe is aimed at. */
export interface Target {
  /** Names this check among all of a member's: target, kind and endpoint in one text. */
  key: string;
  kind: RoundKind;
  /** A name, or an address without brackets. */
  host: string;
  port: number;
  /** How its connections end. `reset` leaves no socket in TIME_WAIT at either end; `polite` is for strangers. */
  closing: 'reset' | 'polite';
  /** For `http`: the path asked for. */
  path?: string;
  tls?: boolean;
  /** Sent along as `Authorization`. */
  authorization?: string;
}

export interface Options {
  /** Until this long after its start a probe has failed. */
  timeoutMs: number;
  /** Until this long after its start it must be connected; not told: as long as the whole may take. */
  connectTimeoutMs?: number;
}

/**
 * The seam: one way to measure. It never throws: what went wrong is an outcome. When `signal` aborts, the result is
 * `void`.
 */
export type Probe<K extends RoundKind = RoundKind> = (
  target: Target,
  options: Options,
  signal: AbortSignal,
) => Promise<Extract<Result, { kind: K }>>;

/** Every way to measure. A new kind is one file and one line here. */
export const probes: { readonly [K in RoundKind]: Probe<K> } = {
  tcp: probeTcp,
  http: probeHttp,
};
