import { describeInvalid } from '@netring/contract/error';
import {
  createTrafficObservation,
  evidences,
  protocols,
  type Endpoint,
  type ObservationInput,
  type TrafficObservation,
} from '@netring/topology';
import { z } from 'zod';

const text = (most: number) =>
  z.string().min(1, 'must not be empty').max(most, `must be at most ${most} characters`);
const wholeTo = (most: number) =>
  z
    .number(`must be a whole number from 0 to ${most}`)
    .int(`must be a whole number from 0 to ${most}`)
    .min(0, `must be a whole number from 0 to ${most}`)
    .max(most, `must be a whole number from 0 to ${most}`);
const amount = z
  .number('must be a number from 0')
  .min(0, 'must be a number from 0')
  .max(1e12, 'is too great');

const hostName = text(253).regex(/^[^\s\p{Cc}\p{Cf}/]+$/u, 'must be a host name or an address');
const end = {
  host: hostName,
  /** The network that the host is meaningful in, where addresses repeat. */
  network: text(128).optional(),
  /** What the service is called, where the sender knows. */
  service: text(200)
    .regex(/^[^\p{Cc}\p{Cf}]+$/u, 'must not contain control characters')
    .regex(/\S/, 'must not be blank')
    .optional(),
};

/** One observation as people send it. Fields that are not named here mean nothing, and are told of: see {@link unknownFields}. */
const schema = z.object({
  timestamp_ms: z.number('must be epoch milliseconds').min(0, 'must be epoch milliseconds').optional(),
  timestamp: z
    .string('must be a time in ISO 8601, such as 2026-01-31T12:00:00Z')
    .max(64, 'must be a time in ISO 8601, such as 2026-01-31T12:00:00Z')
    .refine(
      (at) => Number.isFinite(Date.parse(at)),
      'must be a time in ISO 8601, such as 2026-01-31T12:00:00Z',
    )
    .optional(),
  source: z.object({ ...end, port: wholeTo(65_535).optional() }),
  destination: z.object({ ...end, port: wholeTo(65_535) }),
  protocol: z.enum(protocols, `must be one of: ${protocols.join(', ')}`).optional(),
  bytes_sent: amount.optional(),
  bytes_received: amount.optional(),
  latency_ms: amount.optional(),
  status_code: wholeTo(999).optional(),
  method: text(32)
    .regex(/^[\x21-\x7e]+$/, 'must be one word')
    .optional(),
  path: text(8192).optional(),
  failed: z.boolean().optional(),
  weight: z
    .number('must be a number above 0')
    .gt(0, 'must be a number above 0')
    .max(1e9, 'is too great')
    .optional(),
  evidence: z.enum(evidences, `must be one of: ${evidences.join(', ')}`).optional(),
});
type Written = z.infer<typeof schema>;

const known = new Set(Object.keys(schema.shape));
const knownOfEnd = new Set([...Object.keys(end), 'port']);

/** Names of fields that mean nothing here: most likely a slip of the pen, `latency` for `latency_ms`. */
export function unknownFields(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const found = Object.keys(value).filter((name) => !known.has(name));
  for (const side of ['source', 'destination'] as const) {
    const ofEnd = (value as Record<string, unknown>)[side];
    if (typeof ofEnd !== 'object' || ofEnd === null) continue;
    for (const name of Object.keys(ofEnd)) if (!knownOfEnd.has(name)) found.push(`${side}.${name}`);
  }
  return found;
}

/** Why one observation was not taken. */
export interface Objection {
  /** Short, for counting. */
  code: string;
  field?: string;
  reason: string;
}

/** The observation that somebody sent, or what is wrong with it. */
export function readObservation(
  value: unknown,
): { kind: 'read'; observation: TrafficObservation } | { kind: 'refused'; objection: Objection } {
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    const { message, field } = describeInvalid(parsed.error).error;
    const code = field === undefined ? 'not_an_object' : `bad_${field.split('.')[0]}`;
    return {
      kind: 'refused',
      objection: { code, ...(field === undefined ? {} : { field }), reason: message },
    };
  }
  const { data } = parsed;
  if (data.timestamp_ms === undefined && data.timestamp === undefined) {
    const reason = 'timestamp: is missing: send timestamp (ISO 8601) or timestamp_ms (epoch milliseconds)';
    return { kind: 'refused', objection: { code: 'bad_timestamp', field: 'timestamp', reason } };
  }
  return { kind: 'read', observation: withDefaults(data) };
}

/**
 * The library's defaults for what says what it was (protocol, evidence, client port). What was measured has none here:
 * nobody's 50 ms may stand in the graph as a fact.
 */
function withDefaults(written: Written): TrafficObservation {
  const { source, destination, path, ...rest } = written;
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  const filled = createTrafficObservation({
    ...given,
    source: endOf(source),
    destination: endOf(destination),
  } as ObservationInput);
  return {
    ...filled,
    bytes_sent: written.bytes_sent ?? 0,
    bytes_received: written.bytes_received ?? 0,
    latency_ms: written.latency_ms,
    status_code: written.status_code,
    method: written.method,
    path: path?.split(/[?#]/, 1)[0],
  };
}

/** An end by its address; by a name that the sender knows, wherever that may run. */
function endOf({
  host,
  network,
  service,
  port,
}: Written['source']): Omit<Endpoint, 'port'> & { port?: number } {
  return {
    host,
    ...(port === undefined ? {} : { port }),
    ...(network === undefined ? {} : { network }),
    ...(service === undefined ? {} : { service: `peer:${service.trim()}`, name: service }),
  };
}
