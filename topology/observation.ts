import { protocolOfPort, type Protocol } from './protocol.ts';
import type { RouteHint } from './route-hint.ts';

/**
 * How something was seen. `log` and `span` count requests; `caller` and `callee` are the two ends of a connection, seen
 * with its process; `flow` is a connection without a process. One dependency seen in several ways is counted once.
 */
export const evidences = ['log', 'span', 'caller', 'callee', 'flow'] as const;
export type Evidence = (typeof evidences)[number];

/** One end of what was observed. */
export interface Endpoint {
  /** A name or an IP address. */
  host: string;
  /** 0 when it is not known. */
  port: number;
  /** The network that `host` is meaningful in, where addresses repeat: two sites may both use 10.0.0.2. */
  network?: string;
  /** The id of the service, when something better than the host is known (a process, a container's label). */
  service?: string;
  /** What people call that service; from the id when absent. */
  name?: string;
}

/** One piece of passively seen traffic. The source is the end that asked. */
export interface TrafficObservation {
  /** Epoch milliseconds. */
  timestamp_ms: number;
  source: Endpoint;
  destination: Endpoint;
  protocol: Protocol;
  bytes_sent: number;
  bytes_received: number;
  latency_ms?: number | undefined;
  status_code?: number | undefined;
  method?: string | undefined;
  path?: string | undefined;
  /** The request got no answer at all: refused, reset or timed out. */
  failed?: boolean | undefined;
  /**
   * How many requests this one stands for, when its source sampled; 1 when absent. Bytes and latency are those of one.
   * 0 is more of what was counted before, such as what a connection carried since: its bytes count once and it keeps
   * the dependency alive, but it is no request.
   */
  weight?: number | undefined;
  evidence: Evidence;
  /** The same for all observations with these ends, this protocol and this evidence. */
  hint?: RouteHint | undefined;
}

/** As people write it: `timestamp` in ISO 8601 instead of `timestamp_ms`, and whatever has a default left out. */
export interface ObservationInput extends Partial<
  Omit<TrafficObservation, 'source' | 'destination' | 'timestamp_ms'>
> {
  timestamp_ms?: number;
  timestamp?: string;
  source: Omit<Endpoint, 'port'> & { port?: number };
  destination: Endpoint;
}

/**
 * An observation with what was left out filled in: 1,024 bytes sent, 2,048 received, 50 ms, status 200, `GET /`, the
 * protocol by the destination's port, evidence `log`.
 * @throws RangeError when neither `timestamp_ms` nor a readable `timestamp` is given: this library has no clock.
 */
export function createTrafficObservation(input: ObservationInput): TrafficObservation {
  const { timestamp, timestamp_ms = Date.parse(timestamp ?? ''), source, ...rest } = input;
  if (!Number.isFinite(timestamp_ms))
    throw new RangeError(
      'An observation needs timestamp_ms (epoch milliseconds) or timestamp (ISO 8601, such as 2026-01-31T12:00:00Z).',
    );
  return {
    protocol: protocolOfPort(input.destination.port),
    bytes_sent: 1024,
    bytes_received: 2048,
    latency_ms: 50,
    status_code: 200,
    method: 'GET',
    path: '/',
    evidence: 'log',
    ...rest,
    timestamp_ms,
    source: { port: 0, ...source },
  };
}
