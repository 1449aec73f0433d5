import { endId } from '@netring/contract/end';
import {
  isAddress,
  normalHost,
  protocols,
  type Endpoint,
  type Protocol,
  type TrafficObservation,
} from '@netring/topology';
import type { Collector } from '../collector.ts';
import type { AppLogSetting } from '../log-settings.ts';
import type { Groups } from './app-pattern.ts';
import { appTime } from './app-time.ts';

/** Why nothing was made of a line that the pattern matched. */
export type AppRejection = 'no_time' | 'bad_status' | 'bad_duration' | 'bad_bytes' | 'no_ends';

type Names = Pick<Collector, 'callerId' | 'calleeId'>;

/**
 * Who speaks to whom in a log, from what its source says and the groups of a line.
 * @throws RangeError for a protocol that is none
 */
export function appObserver(
  source: AppLogSetting,
  names: Names,
): (groups: Groups, nowMs: number) => TrafficObservation | AppRejection {
  const protocol = (source.protocol ?? 'http') as Protocol;
  if (!protocols.includes(protocol))
    throw new RangeError(`protocol: must be one of: ${protocols.join(', ')}`);
  const own: Endpoint = {
    host: source.service,
    port: source.port ?? 0,
    service: endId({ kind: 'service', name: source.service }),
    name: source.service,
  };
  const caller = source.caller === undefined ? undefined : namedEnd(source.caller);
  return (groups, nowMs) => {
    const asked = groups.destination === undefined ? own : calleeIn(groups.destination, names);
    // Whoever writes down whom it asks is the one who asks.
    const usual = caller ?? (groups.destination === undefined ? undefined : { ...own, port: 0 });
    const asking = groups.source === undefined ? usual : callerIn(groups.source, names);
    if (asked === undefined || asking === undefined) return 'no_ends';
    const atMs = groups.timestamp === undefined ? nowMs : appTime(groups.timestamp);
    if (Number.isNaN(atMs)) return 'no_time';
    const status = wholeIn(groups.status, 999);
    if (Number.isNaN(status)) return 'bad_status';
    const latencyMs = durationIn(groups);
    if (Number.isNaN(latencyMs)) return 'bad_duration';
    const bytes = wholeIn(groups.bytes, Number.MAX_SAFE_INTEGER) ?? 0;
    if (Number.isNaN(bytes)) return 'bad_bytes';
    return {
      timestamp_ms: atMs,
      source: asking,
      destination: asked,
      protocol,
      bytes_sent: 0,
      bytes_received: bytes,
      latency_ms: status === 101 ? undefined : latencyMs,
      status_code: status,
      method: groups.method,
      path: groups.path?.split(/[?#]/, 1)[0]?.slice(0, 300),
      failed: undefined,
      weight: undefined,
      evidence: 'log',
    };
  };
}

/** `10.0.0.1`, `10.0.0.1:52000`, `orders`: who asks; the port says nothing. */
function callerIn(text: string, { callerId }: Names): Endpoint | undefined {
  const place = placeIn(text);
  if (place === undefined) return undefined;
  if (!isAddress(place.host)) return namedEnd(place.host);
  const service = callerId(place.host);
  return service === '' ? undefined : { host: place.host, port: 0, service };
}

/** `10.0.0.1:8080`, `orders:8080`, `http://orders:8080/x`: an address or name with a port; a name alone is a service. */
function calleeIn(text: string, { calleeId }: Names): Endpoint | undefined {
  const place = placeIn(text);
  if (place === undefined) return undefined;
  const { host, port } = place;
  if (port === 0 && !isAddress(host)) return namedEnd(host);
  const service = calleeId(host, port);
  return service === '' ? undefined : { host, port, service };
}

function namedEnd(name: string): Endpoint {
  return { host: name, port: 0, service: endId({ kind: 'peer', name }), name };
}

const authority =
  /^(?:[a-z][a-z0-9+.-]*:\/\/)?(?:\[([0-9a-fA-F:.]+)\]|([^\s/?#:@]+))(?::(\d{1,5}))?(?:[/?#].*)?$/;

function placeIn(text: string): { host: string; port: number } | undefined {
  const trimmed = text.trim();
  if (isAddress(normalHost(trimmed))) return { host: normalHost(trimmed), port: 0 };
  const found = authority.exec(trimmed);
  const host = normalHost(found?.[1] ?? found?.[2] ?? '');
  const port = Number(found?.[3] ?? 0);
  return host === '' || host === '-' || host.length > 200 || port > 65_535 ? undefined : { host, port };
}

/** `undefined` for nothing and `-`, `NaN` for what is no number. */
function wholeIn(text: string | undefined, most: number): number | undefined {
  if (text === undefined || text === '' || text === '-') return undefined;
  return /^\d+$/.test(text) && Number(text) <= most ? Number(text) : NaN;
}

const units: Readonly<Record<string, number>> = {
  ...{ ns: 1e-6, us: 1e-3, µs: 1e-3, μs: 1e-3, ms: 1, s: 1000, sec: 1000, m: 60_000, min: 60_000 },
};

/** `45ms`, `1.5 s`, `300us`; a number alone is milliseconds, unless its group has a unit in its name. */
function durationIn(groups: Groups): number | undefined {
  const { duration, duration_ms, duration_s, duration_us } = groups;
  const text = duration ?? duration_ms ?? duration_s ?? duration_us;
  if (text === undefined || text === '' || text === '-') return undefined;
  const found = /^(\d+(?:\.\d+)?)\s*([a-zµμ]*)$/i.exec(text);
  const named = duration_s === text ? 's' : duration_us === text ? 'us' : 'ms';
  const unit = units[found?.[2]?.toLowerCase() || named];
  return found === null || unit === undefined ? NaN : Number(found[1]) * unit;
}
