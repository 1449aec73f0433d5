import { isParseable } from './json-shape.ts';
import { placeOf } from './protobuf.ts';
import {
  longestText,
  mostLinks,
  resourceAttributes,
  spanAttributes,
  type Attributes,
  type AttributeValue,
  type Span,
  type SpanKind,
  type SpanList,
} from './span.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Enumerations are numbers in OTLP; some senders write the names of the schema all the same. */
const kindNames = [
  ...['SPAN_KIND_UNSPECIFIED', 'SPAN_KIND_INTERNAL', 'SPAN_KIND_SERVER', 'SPAN_KIND_CLIENT'],
  ...['SPAN_KIND_PRODUCER', 'SPAN_KIND_CONSUMER'],
];

/**
 * Reads an ExportTraceServiceRequest in OTLP's JSON into `list`.
 * @throws Error when it is no JSON, or no object with a list of resource spans.
 */
export function readJson(body: Uint8Array, list: SpanList): void {
  if (!isParseable(body)) throw new RangeError('more objects and lists than spans have, or deeper ones');
  const request: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  if (!isFields(request)) throw new TypeError('the body is no object');
  for (const resourceSpans of listOf(request, 'resourceSpans')) {
    if (!isFields(resourceSpans)) throw new TypeError('resourceSpans holds something that is no object');
    const resource = isFields(resourceSpans.resource) ? resourceSpans.resource : {};
    const attributes = readAttributes(resource.attributes, resourceAttributes);
    for (const scopeSpans of listOf(resourceSpans, 'scopeSpans')) {
      if (!isFields(scopeSpans)) throw new TypeError('scopeSpans holds something that is no object');
      for (const span of listOf(scopeSpans, 'spans')) {
        if (isFields(span)) list.add(readSpan(span, attributes));
        else list.refuse('bad_span');
      }
    }
  }
}

function listOf(fields: Fields, name: string): readonly unknown[] {
  const value = fields[name] ?? [];
  if (!Array.isArray(value)) throw new TypeError(`${name} is no list`);
  return value;
}

function readSpan(fields: Fields, resource: Attributes): Span {
  const { status, flags } = fields;
  const code = isFields(status) ? status.code : 0;
  return {
    traceId: hexOf(fields.traceId),
    spanId: hexOf(fields.spanId),
    parentSpanId: hexOf(fields.parentSpanId),
    parentPlace: placeOf(typeof flags === 'number' ? flags : 0),
    kind: kindOf(fields.kind),
    startUs: timeOf(fields.startTimeUnixNano),
    endUs: timeOf(fields.endTimeUnixNano),
    isError: code === 2 || code === 'STATUS_CODE_ERROR',
    traceState: typeof fields.traceState === 'string' ? fields.traceState.slice(0, longestText) : '',
    links: readLinks(fields.links),
    attributes: readAttributes(fields.attributes, spanAttributes),
    resource,
  };
}

function kindOf(value: unknown): SpanKind {
  const kind = value === undefined ? 0 : typeof value === 'string' ? kindNames.indexOf(value) : value;
  return (Number.isInteger(kind) ? kind : -1) as SpanKind;
}

function hexOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' && value.length <= 32 ? value.toLowerCase() : 'no id';
}

/** Nanoseconds, as a string of digits or (against the rules, but seen) a number, in microseconds; 0 when they are none. */
function timeOf(value: unknown): number {
  if (typeof value === 'string') return /^\d{1,20}$/.test(value) ? Math.round(Number(value) / 1000) : 0;
  return typeof value === 'number' && Number.isFinite(value) ? Math.round(value / 1000) : 0;
}

function readLinks(value: unknown): string[] {
  const links: string[] = [];
  if (!Array.isArray(value)) return links;
  for (const link of value as readonly unknown[]) {
    if (links.length >= mostLinks) break;
    if (!isFields(link)) continue;
    const [traceId, spanId] = [hexOf(link.traceId), hexOf(link.spanId)];
    if (traceId.length === 32 && spanId.length === 16) links.push(traceId + spanId);
  }
  return links;
}

function readAttributes(value: unknown, wanted: ReadonlySet<string>): Attributes {
  const attributes = new Map<string, AttributeValue>();
  if (!Array.isArray(value)) return attributes;
  for (const pair of value as readonly unknown[]) {
    if (!isFields(pair) || typeof pair.key !== 'string' || !wanted.has(pair.key)) continue;
    const found = isFields(pair.value) ? valueOf(pair.value) : undefined;
    if (found !== undefined) attributes.set(pair.key, found);
  }
  return attributes;
}

function valueOf({ stringValue, intValue, doubleValue, boolValue }: Fields): AttributeValue | undefined {
  if (typeof stringValue === 'string') return stringValue.length <= longestText ? stringValue : undefined;
  if (typeof intValue === 'string') return /^-?\d{1,19}$/.test(intValue) ? Number(intValue) : undefined;
  if (typeof intValue === 'number') return intValue;
  if (typeof doubleValue === 'number') return doubleValue;
  return typeof boolValue === 'boolean' ? boolValue : undefined;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
