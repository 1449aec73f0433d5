/** What kind a span is, by the numbers of OTLP. */
export const kinds = { unspecified: 0, internal: 1, server: 2, client: 3, producer: 4, consumer: 5 } as const;
export type SpanKind = (typeof kinds)[keyof typeof kinds];

export type AttributeValue = string | number | boolean;
/** Only names that somebody here reads, and only single values. */
export type Attributes = ReadonlyMap<string, AttributeValue>;

/** Whether the span's parent is in another process; SDKs that say it set a flag. */
export type ParentPlace = 'remote' | 'local' | 'unsaid';

/** A span as its sender wrote it, as far as it is read. Ids are lower-case hex. */
export interface Span {
  traceId: string;
  spanId: string;
  /** Empty for the first span of a trace. */
  parentSpanId: string;
  parentPlace: ParentPlace;
  kind: SpanKind;
  /** Epoch microseconds on the sender's clock: what a double holds of its nanoseconds. */
  startUs: number;
  endUs: number;
  isError: boolean;
  traceState: string;
  /** `traceId` and `spanId` joined, of spans elsewhere that caused this one. */
  links: readonly string[];
  attributes: Attributes;
  /** What sent it. */
  resource: Attributes;
}

/** Why a span was refused. */
export type SpanRefusal =
  | 'bad_span'
  | 'bad_trace_id'
  | 'bad_span_id'
  | 'bad_parent_id'
  | 'bad_time'
  | 'bad_kind'
  | 'too_many_spans'
  | 'no_service_name'
  | 'duplicate';

/** Longest text of an attribute that is read; longer ones count as absent. */
export const longestText = 2048;
/** What OpenTelemetry's SDKs keep of links unless told otherwise. */
export const mostLinks = 128;

/** Names of attributes that are read from spans: today's, then those of earlier conventions. */
export const spanAttributes: ReadonlySet<string> = new Set([
  ...['server.address', 'server.port', 'client.address', 'network.peer.address', 'network.peer.port'],
  ...['network.local.port', 'network.protocol.name', 'network.transport', 'error.type'],
  ...['service.peer.name', 'http.request.method', 'http.response.status_code', 'http.route'],
  ...['url.full', 'url.path', 'url.scheme', 'http.request.body.size', 'http.response.body.size'],
  ...['rpc.system', 'rpc.system.name', 'rpc.service', 'rpc.method', 'rpc.response.status_code'],
  ...['db.system.name', 'db.operation.name', 'db.response.status_code'],
  ...['messaging.system', 'messaging.destination.name', 'messaging.operation.type'],
  ...['peer.service', 'http.method', 'http.status_code', 'http.url', 'http.target', 'http.scheme'],
  ...['net.peer.name', 'net.peer.port', 'net.peer.ip', 'net.sock.peer.addr', 'net.sock.peer.port'],
  ...['net.host.port', 'http.client_ip', 'http.request_content_length', 'http.response_content_length'],
  ...['db.system', 'db.operation', 'rpc.grpc.status_code', 'messaging.operation'],
]);

/** Names of attributes that are read from resources. */
export const resourceAttributes: ReadonlySet<string> = new Set([
  ...['service.name', 'service.namespace', 'service.instance.id', 'host.name', 'host.id', 'container.id'],
  ...['process.pid', 'process.executable.name', 'k8s.pod.uid', 'k8s.pod.name', 'k8s.namespace.name'],
]);

/** An id that may be one: of the right length, hex, and not all zeros. */
const traceIdShape = /^(?!0{32})[0-9a-f]{32}$/;
const spanIdShape = /^(?!0{16})[0-9a-f]{16}$/;

/** What is wrong with a span, as far as can be said of it alone; `undefined` when nothing is. */
export function objection(span: Span): SpanRefusal | undefined {
  if (!traceIdShape.test(span.traceId)) return 'bad_trace_id';
  if (!spanIdShape.test(span.spanId)) return 'bad_span_id';
  if (span.parentSpanId !== '' && !spanIdShape.test(span.parentSpanId)) return 'bad_parent_id';
  // A clock set back while the span lasted makes it end before it began: that costs its duration, not the span.
  if (!(span.startUs > 0 && span.endUs > 0)) return 'bad_time';
  if (!(span.kind >= kinds.unspecified && span.kind <= kinds.consumer)) return 'bad_kind';
  return undefined;
}

/** The spans of one request, and how many were refused for what. */
export class SpanList {
  readonly spans: Span[] = [];
  readonly refused = new Map<SpanRefusal, number>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  add(span: Span): void {
    const wrong = this.spans.length >= this.#most ? 'too_many_spans' : objection(span);
    if (wrong === undefined) this.spans.push(span);
    else this.refuse(wrong);
  }

  refuse(reason: SpanRefusal): void {
    this.refused.set(reason, (this.refused.get(reason) ?? 0) + 1);
  }
}

/** The text of an attribute; `undefined` when it is absent, empty or no text. */
export function textOf(attributes: Attributes, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = attributes.get(name);
    if (typeof value === 'string' && value !== '') return value;
  }
  return undefined;
}

/** The number of an attribute, which some SDKs write as text; `undefined` when it is absent or none. */
export function numberOf(attributes: Attributes, ...names: readonly string[]): number | undefined {
  for (const name of names) {
    const value = attributes.get(name);
    if (typeof value === 'number') return value;
    if (typeof value === 'string' && /^\d{1,15}$/.test(value)) return Number(value);
  }
  return undefined;
}
