import { evidences, type Endpoint, type Evidence, type TrafficObservation } from './observation.ts';
import { protocols, type Protocol } from './protocol.ts';

/** Why an observation was refused. */
export const rejectReasons = [
  'not_an_object',
  'bad_timestamp',
  'bad_source',
  'bad_destination',
  'bad_protocol',
  'bad_bytes',
  'bad_latency',
  'bad_status',
  'bad_method',
  'bad_path',
  'bad_failed',
  'bad_weight',
  'bad_evidence',
  'too_old',
  'in_future',
  'too_many_dependencies',
] as const;
export type RejectReason = (typeof rejectReasons)[number];

/** The end of year 9999: what ISO 8601 can write with four digits. */
export const latestTimestampMs = 253_402_300_799_999;
/** Names are at most 253 characters (RFC 1035); ids that people choose may be a little longer. */
const longestName = 512;
/** A bound that only nonsense exceeds: 8 PiB, 31 years. */
const mostBytes = Number.MAX_SAFE_INTEGER;
const longestMs = 1e12;
const greatestWeight = 1e9;

/** The number of each protocol and each kind of evidence, for keys. */
export const protocolIndex: ReadonlyMap<unknown, number> = new Map(protocols.map((one, at) => [one, at]));
export const evidenceIndex: ReadonlyMap<unknown, number> = new Map(evidences.map((one, at) => [one, at]));

/** What a mapper takes: a whole observation, or one whose time is ISO 8601 or whose fields have defaults. */
export type ObservationLike = Omit<
  Partial<TrafficObservation>,
  'source' | 'destination' | 'protocol' | 'evidence'
> & {
  timestamp?: string;
  source: Omit<Endpoint, 'port'> & { port?: number };
  destination: Endpoint;
  protocol?: Protocol;
  evidence?: Evidence;
};

/** Why this cannot be an observation, as far as its ends and kind say; `undefined` when they can be. */
export function kindObjection(value: ObservationLike): RejectReason | undefined {
  if (typeof value !== 'object' || value === null) return 'not_an_object';
  if (!isEnd(value.source)) return 'bad_source';
  if (!isEnd(value.destination) || value.destination.port === undefined) return 'bad_destination';
  if (value.protocol !== undefined && !protocolIndex.has(value.protocol)) return 'bad_protocol';
  if (value.evidence !== undefined && !evidenceIndex.has(value.evidence)) return 'bad_evidence';
  return undefined;
}

/** Why this cannot be an observation, as far as its amounts say; `undefined` when they can be. */
export function amountObjection(value: ObservationLike): RejectReason | undefined {
  const { source, bytes_sent, bytes_received, latency_ms, status_code, method, path, failed, weight } = value;
  if (source.port !== undefined && !isWhole(source.port, 65_535)) return 'bad_source';
  if (!isAmount(bytes_sent, mostBytes) || !isAmount(bytes_received, mostBytes)) return 'bad_bytes';
  if (!isAmount(latency_ms, longestMs)) return 'bad_latency';
  // 0 is what proxies log when nobody answered.
  if (status_code !== undefined && !isWhole(status_code, 999)) return 'bad_status';
  if (method !== undefined && typeof method !== 'string') return 'bad_method';
  if (path !== undefined && typeof path !== 'string') return 'bad_path';
  if (failed !== undefined && typeof failed !== 'boolean') return 'bad_failed';
  if (!isAmount(weight, greatestWeight)) return 'bad_weight';
  return undefined;
}

/** When it was, in epoch milliseconds; `undefined` when that cannot be. */
export function timeOf(value: ObservationLike): number | undefined {
  const at = value.timestamp_ms ?? (typeof value.timestamp === 'string' ? Date.parse(value.timestamp) : NaN);
  return typeof at === 'number' && at >= 0 && at <= latestTimestampMs ? at : undefined;
}

function isEnd(end: Partial<Endpoint> | undefined): boolean {
  if (typeof end !== 'object' || end === null) return false;
  const { host, port } = end;
  if (typeof host !== 'string' || host.length === 0 || host.length > longestName) return false;
  if (port !== undefined && !isWhole(port, 65_535)) return false;
  return (end.network === '' || isName(end.network)) && isName(end.service) && isName(end.name);
}

/** Absent, or a name of a length that a name may have. */
function isName(value: string | undefined): boolean {
  return (
    value === undefined || (typeof value === 'string' && value.length > 0 && value.length <= longestName)
  );
}

function isAmount(value: number | undefined, most: number): boolean {
  return value === undefined || (typeof value === 'number' && value >= 0 && value <= most);
}

function isWhole(value: number, most: number): boolean {
  return typeof value === 'number' && value >= 0 && value <= most && Math.floor(value) === value;
}
