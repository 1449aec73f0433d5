import protobuf from 'protobufjs/minimal.js';
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

type Reader = protobuf.Reader;

/** How a field is laid out on the wire: the lower three bits of its tag. */
const varint = 0;
const fixed64 = 1;
const lengthDelimited = 2;
const fixed32 = 5;

const tagOf = (field: number, wire: number) => (field << 3) | wire;

/** Field numbers of opentelemetry/proto/{collector/trace,trace,resource,common}/v1, as far as they are read. */
const tags = {
  request: { resourceSpans: tagOf(1, lengthDelimited) },
  resourceSpans: { resource: tagOf(1, lengthDelimited), scopeSpans: tagOf(2, lengthDelimited) },
  resource: { attributes: tagOf(1, lengthDelimited) },
  scopeSpans: { spans: tagOf(2, lengthDelimited) },
  span: {
    traceId: tagOf(1, lengthDelimited),
    spanId: tagOf(2, lengthDelimited),
    traceState: tagOf(3, lengthDelimited),
    parentSpanId: tagOf(4, lengthDelimited),
    kind: tagOf(6, varint),
    start: tagOf(7, fixed64),
    end: tagOf(8, fixed64),
    attributes: tagOf(9, lengthDelimited),
    links: tagOf(13, lengthDelimited),
    status: tagOf(15, lengthDelimited),
    flags: tagOf(16, fixed32),
  },
  link: { traceId: tagOf(1, lengthDelimited), spanId: tagOf(2, lengthDelimited) },
  status: { code: tagOf(3, varint) },
  keyValue: { key: tagOf(1, lengthDelimited), value: tagOf(2, lengthDelimited) },
  anyValue: {
    string: tagOf(1, lengthDelimited),
    bool: tagOf(2, varint),
    int: tagOf(3, varint),
    double: tagOf(4, fixed64),
  },
} as const;

const statusError = 2;
/** Of a span's flags: whether it says where its parent is, and whether that is another process. */
const flagSaysPlace = 0x100;
const flagIsRemote = 0x200;

/**
 * Reads an ExportTraceServiceRequest into `list`. What is not asked for is passed over by its length, so that nesting
 * costs nothing and no unread text becomes an object.
 * @throws Error when the bytes are no such message.
 */
export function readProtobuf(body: Uint8Array, list: SpanList): void {
  // Of a Buffer the reader hands out Buffers.
  const reader = protobuf.Reader.create(Buffer.from(body.buffer, body.byteOffset, body.byteLength));
  eachField(reader, reader.len, (tag) => {
    if (tag !== tags.request.resourceSpans) return false;
    readResourceSpans(reader, list);
    return true;
  });
}

/** Walks over the fields up to `end`; those that `take` does not take are passed over. */
function eachField(reader: Reader, end: number, take: (tag: number) => boolean): void {
  while (reader.pos < end) {
    const tag = reader.tag();
    if (!take(tag)) reader.skipType(tag & 7, 0, tag >>> 3);
  }
  if (reader.pos !== end) throw new RangeError('a message ends in the middle of a field');
}

/** Where the message that begins here ends. */
function endOf(reader: Reader): number {
  const size = reader.size();
  const end = reader.pos + size;
  if (size < 0 || end > reader.len) throw new RangeError('a message is longer than what was sent');
  return end;
}

function readResourceSpans(reader: Reader, list: SpanList): void {
  const end = endOf(reader);
  const resource = new Map<string, AttributeValue>();
  const scopes: number[] = [];
  // Fields may come in any order: who sent the spans has to be known before they are read.
  eachField(reader, end, (tag) => {
    if (tag === tags.resourceSpans.resource) {
      eachField(reader, endOf(reader), (inner) => {
        if (inner !== tags.resource.attributes) return false;
        readAttribute(reader, resourceAttributes, resource);
        return true;
      });
      return true;
    }
    if (tag !== tags.resourceSpans.scopeSpans) return false;
    scopes.push(reader.pos);
    reader.pos = endOf(reader);
    return true;
  });
  for (const start of scopes) {
    reader.pos = start;
    eachField(reader, endOf(reader), (tag) => {
      if (tag !== tags.scopeSpans.spans) return false;
      list.add(readSpan(reader, resource));
      return true;
    });
  }
  reader.pos = end;
}

function readSpan(reader: Reader, resource: Attributes): Span {
  const attributes = new Map<string, AttributeValue>();
  const links: string[] = [];
  const span = emptySpan(attributes, links, resource);
  const end = endOf(reader);
  while (reader.pos < end) {
    const tag = reader.tag();
    if (tag === tags.span.attributes) readAttribute(reader, spanAttributes, attributes);
    else if (tag === tags.span.links) readLink(reader, links);
    else if (!readPlainField(reader, tag, span)) reader.skipType(tag & 7, 0, tag >>> 3);
  }
  if (reader.pos !== end) throw new RangeError('a span ends in the middle of a field');
  return span;
}

function emptySpan(attributes: Attributes, links: readonly string[], resource: Attributes): Span {
  return {
    traceId: '',
    spanId: '',
    parentSpanId: '',
    parentPlace: 'unsaid',
    kind: 0,
    startUs: 0,
    endUs: 0,
    isError: false,
    traceState: '',
    links,
    attributes,
    resource,
  };
}

function readPlainField(reader: Reader, tag: number, span: Span): boolean {
  switch (tag) {
    case tags.span.traceId:
      span.traceId = readHex(reader);
      return true;
    case tags.span.spanId:
      span.spanId = readHex(reader);
      return true;
    case tags.span.parentSpanId:
      span.parentSpanId = readHex(reader);
      return true;
    case tags.span.traceState:
      span.traceState = readText(reader) ?? '';
      return true;
    case tags.span.kind:
      span.kind = reader.int32() as SpanKind;
      return true;
    case tags.span.start:
      span.startUs = readTime(reader);
      return true;
    case tags.span.end:
      span.endUs = readTime(reader);
      return true;
    case tags.span.status:
      span.isError = readStatus(reader) === statusError;
      return true;
    case tags.span.flags:
      span.parentPlace = placeOf(reader.fixed32());
      return true;
    default:
      return false;
  }
}

/** Where a span's parent is, by the span's flags. */
export function placeOf(flags: number): Span['parentPlace'] {
  if ((flags & flagSaysPlace) === 0) return 'unsaid';
  return (flags & flagIsRemote) === 0 ? 'local' : 'remote';
}

function readStatus(reader: Reader): number {
  let code = 0;
  eachField(reader, endOf(reader), (tag) => {
    if (tag !== tags.status.code) return false;
    code = reader.int32();
    return true;
  });
  return code;
}

function readLink(reader: Reader, links: string[]): void {
  let [traceId, spanId] = ['', ''];
  eachField(reader, endOf(reader), (tag) => {
    if (tag === tags.link.traceId) traceId = readHex(reader);
    else if (tag === tags.link.spanId) spanId = readHex(reader);
    else return false;
    return true;
  });
  if (links.length < mostLinks && traceId.length === 32 && spanId.length === 16) links.push(traceId + spanId);
}

function readAttribute(reader: Reader, wanted: ReadonlySet<string>, into: Map<string, AttributeValue>): void {
  const end = endOf(reader);
  let key: string | undefined;
  let value: AttributeValue | undefined;
  while (reader.pos < end) {
    const tag = reader.tag();
    if (tag === tags.keyValue.key) {
      key = readText(reader);
      // The value of what nobody reads is passed over; senders write the key first.
      if (key === undefined || !wanted.has(key)) {
        reader.pos = end;
        return;
      }
    } else if (tag === tags.keyValue.value) value = readValue(reader);
    else reader.skipType(tag & 7, 0, tag >>> 3);
  }
  if (reader.pos !== end) throw new RangeError('an attribute ends in the middle of a field');
  if (key !== undefined && value !== undefined) into.set(key, value);
}

function readValue(reader: Reader): AttributeValue | undefined {
  const end = endOf(reader);
  let value: AttributeValue | undefined;
  while (reader.pos < end) {
    const tag = reader.tag();
    if (tag === tags.anyValue.string) value = readText(reader);
    else if (tag === tags.anyValue.int) value = readInt(reader);
    else if (tag === tags.anyValue.bool) value = reader.bool();
    else if (tag === tags.anyValue.double) value = reader.double();
    else reader.skipType(tag & 7, 0, tag >>> 3);
  }
  if (reader.pos !== end) throw new RangeError('a value ends in the middle of a field');
  return value;
}

/** A double is exact up to 2^53: enough for ports, statuses and sizes. */
function readInt(reader: Reader): number {
  const value = reader.int64() as unknown as number | { toNumber(): number };
  return typeof value === 'number' ? value : value.toNumber();
}

/** `undefined` for a text that is too long to be read. */
function readText(reader: Reader): string | undefined {
  const start = reader.pos;
  const end = endOf(reader);
  if (end - reader.pos > longestText) {
    reader.pos = end;
    return undefined;
  }
  reader.pos = start;
  return reader.string();
}

function readHex(reader: Reader): string {
  const end = endOf(reader);
  const start = reader.pos;
  reader.pos = end;
  // The longest id has 16 bytes; whatever is longer is none.
  return end - start > 16 ? 'too long' : (reader.raw(start, end) as Buffer).toString('hex');
}

/** Nanoseconds as microseconds. */
function readTime(reader: Reader): number {
  const low = reader.fixed32();
  return Math.round((reader.fixed32() * 0x1_0000_0000 + low) / 1000);
}
