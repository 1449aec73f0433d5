import type { CheckKind, Result } from '@netring/contract/result';
import { createHttpProbe } from './http.ts';
import { createIcmpProbe } from './icmp.ts';
import type { IcmpSockets } from './icmp-socket.ts';
import type { Names } from './names.ts';
import type { StallWatch } from './stalls.ts';
import { probeTcp } from './tcp.ts';

/** The kinds that are asked and answered in rounds, one target at a time. */
export type RoundKind = Extract<CheckKind, 'tcp' | 'http' | 'icmp'>;

/** What one probe is aimed at. */
export interface Target {
  /** Names this check among all of a member's: target, kind and endpoint in one text. */
  key: string;
  kind: CheckKind;
  /** A name, or an address without brackets. */
  host: string;
  port: number;
  /** How its connections end. `reset` leaves no socket in TIME_WAIT at either end; `polite` is for strangers. */
  closing: 'reset' | 'polite';
  /** For `http`: the path asked for. */
  path?: string;
  tls?: boolean;
  /** A member of the ring: by TLS it is believed through `ringCa`, and as members are; see `checkMemberIdentity`. */
  isMember?: boolean;
  /** Sent along as `Authorization`. */
  authorization?: string;
  /** For `udp`: who is to answer there. */
  instanceId?: string;
}

/** A target that is asked in rounds. */
export type RoundTarget = Target & { kind: RoundKind };

export function isRoundTarget(target: Target): target is RoundTarget {
  return target.kind !== 'udp';
}

export interface Options {
  /** Until this long after its start a probe has failed. */
  timeoutMs: number;
  /** Until this long after its start it must be connected; not told: as long as the whole may take. */
  connectTimeoutMs?: number;
  /** For `http`: PEM of the CA that members are believed through; absent: what the machine trusts. */
  ringCa?: string;
}

/**
 * The seam: one way to measure. It never throws: what went wrong is an outcome. When `signal` aborts, the result is
 * `void`. `onRoundTrip` is told every single round trip of results that stand for several packets, milliseconds.
 */
export type Probe<K extends RoundKind = RoundKind> = (
  target: Target,
  options: Options,
  signal: AbortSignal,
  onRoundTrip?: (ms: number) => void,
) => Promise<Extract<Result, { kind: K }>>;

/** What probes of one process share. */
export interface ProbeTools {
  icmp: IcmpSockets;
  names: Names;
  watch: StallWatch;
}

export type Probes = { readonly [K in RoundKind]: Probe<K> };

/** Every way to measure. A new kind is one file and one line here. */
export function createProbes({ icmp, names, watch }: ProbeTools): Probes {
  return {
    tcp: (target, options, signal) => probeTcp(target, options, signal, names),
    http: createHttpProbe(names),
    icmp: createIcmpProbe(icmp, watch),
  };
}
