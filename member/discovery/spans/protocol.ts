import type { Protocol } from '@netring/topology';
import { numberOf, textOf, type Attributes } from './span.ts';

/** By `db.system.name`, and the older `db.system`. */
const databases: ReadonlyMap<string, Protocol> = new Map([
  ['postgresql', 'postgres'],
  ['mysql', 'mysql'],
  ['mariadb', 'mysql'],
  ['redis', 'redis'],
  ['valkey', 'redis'],
  ['mongodb', 'mongodb'],
]);

/** By `messaging.system`; both of Azure's speak AMQP. */
const brokers: ReadonlyMap<string, Protocol> = new Map([
  ['kafka', 'kafka'],
  ['rabbitmq', 'amqp'],
  ['servicebus', 'amqp'],
  ['eventhubs', 'amqp'],
]);

/** What these attributes say is spoken; `undefined` when they say nothing. */
export function protocolOf(attributes: Attributes): Protocol | undefined {
  const broker = textOf(attributes, 'messaging.system');
  if (broker !== undefined) return brokers.get(broker.toLowerCase()) ?? 'tcp';
  const database = textOf(attributes, 'db.system.name', 'db.system');
  if (database !== undefined) return databases.get(database.toLowerCase()) ?? 'tcp';
  if (textOf(attributes, 'rpc.system.name', 'rpc.system') === 'grpc') return 'grpc';
  if (textOf(attributes, 'network.protocol.name') === 'websocket') return 'websocket';
  const scheme = schemeOf(attributes);
  if (scheme === 'ws' || scheme === 'wss') return 'websocket';
  if (textOf(attributes, 'http.request.method', 'http.method') !== undefined)
    return scheme === 'https' ? 'https' : 'http';
  if (textOf(attributes, 'rpc.system.name', 'rpc.system') !== undefined) return 'tcp';
  return textOf(attributes, 'network.transport') === 'udp' ? 'udp' : undefined;
}

/** Whether the callee is a database, which writes no spans of its own. */
export function isDatabase(attributes: Attributes): boolean {
  return textOf(attributes, 'db.system.name', 'db.system') !== undefined;
}

/** `http`, `https`, `ws` …, in lower case. */
export function schemeOf(attributes: Attributes): string | undefined {
  const said = textOf(attributes, 'url.scheme', 'http.scheme');
  const full = textOf(attributes, 'url.full', 'http.url');
  return (said ?? /^([a-z][a-z0-9+.-]{0,15}):\/\//i.exec(full ?? '')?.[1])?.toLowerCase();
}

/** google.rpc.Code in the terms of HTTP, as google/rpc/code.proto maps them. */
const grpcStatuses = [200, 499, 500, 400, 504, 404, 409, 403, 429, 400, 409, 400, 501, 500, 503, 500, 401];
const grpcNames = [
  ...['OK', 'CANCELLED', 'UNKNOWN', 'INVALID_ARGUMENT', 'DEADLINE_EXCEEDED', 'NOT_FOUND', 'ALREADY_EXISTS'],
  ...['PERMISSION_DENIED', 'RESOURCE_EXHAUSTED', 'FAILED_PRECONDITION', 'ABORTED', 'OUT_OF_RANGE'],
  ...['UNIMPLEMENTED', 'INTERNAL', 'UNAVAILABLE', 'DATA_LOSS', 'UNAUTHENTICATED'],
];

/** The status code of the answer, in the terms of HTTP; `undefined` when none came or none is told. */
export function statusOf(attributes: Attributes): number | undefined {
  const http = numberOf(attributes, 'http.response.status_code', 'http.status_code');
  if (http !== undefined && http >= 100 && http <= 599) return http;
  const code = numberOf(attributes, 'rpc.grpc.status_code', 'rpc.response.status_code');
  const name = textOf(attributes, 'rpc.response.status_code');
  return grpcStatuses[code ?? grpcNames.indexOf(name ?? '')];
}

/** Words of `error.type` (error numbers, classes of exceptions) that say that no answer came. */
const noAnswer =
  /ECONN|ETIMEDOUT|EPIPE|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|timeout|UnknownHost|Connect(ion)?(Error|Exception|Refused|Reset)/i;

/** What became of a request. */
export interface RequestOutcome {
  status: number | undefined;
  /** It got no answer at all. */
  failed: boolean;
}

/**
 * What became of a request, as its span says. A status code counts more than the span's own; an error without one is a
 * missing answer where the caller says so, or where HTTP and RPC would have told a code; else it is the callee's error.
 */
export function outcomeOf(attributes: Attributes, isError: boolean, isCaller: boolean): RequestOutcome {
  const status = statusOf(attributes);
  if (status !== undefined) return { status, failed: false };
  if (!isError) return { status, failed: false };
  const protocol = protocolOf(attributes);
  const tellsCodes = protocol === 'http' || protocol === 'https' || protocol === 'grpc';
  const isUnanswered = noAnswer.test(textOf(attributes, 'error.type') ?? '') || tellsCodes;
  return isCaller && isUnanswered ? { status, failed: true } : { status: 500, failed: false };
}
