import { gunzipSync } from 'node:zlib';
import { readJson } from './json.ts';
import { readProtobuf } from './protobuf.ts';
import { SpanList } from './span.ts';

/** How a body is written; the answer is written likewise. */
export type BodyFormat = 'json' | 'protobuf';

export interface BodyLimits {
  /** Of a body, before and after unpacking. */
  bodyBytes: number;
  /** Of one request. */
  requestSpans: number;
}

export type DecodedBody =
  | { outcome: 'decoded'; format: BodyFormat; list: SpanList }
  | { outcome: 'refused'; format: BodyFormat; status: 400 | 413 | 415; reason: string; message: string };

/** Reads the body of a request to `/v1/traces`. Never throws. */
export function decodeBody(
  body: Uint8Array,
  contentType: string | undefined,
  contentEncoding: string | undefined,
  limits: BodyLimits,
): DecodedBody {
  const format = formatOf(contentType);
  if (format === undefined)
    return refused('json', 415, 'bad_content_type', 'send application/x-protobuf or application/json');
  const unpacked = unpack(body, contentEncoding, limits.bodyBytes);
  if ('status' in unpacked) return refused(format, unpacked.status, unpacked.reason, unpacked.message);
  const list = new SpanList(limits.requestSpans);
  try {
    if (format === 'json') readJson(unpacked.bytes, list);
    else readProtobuf(unpacked.bytes, list);
  } catch {
    // What was sent is not repeated: an answer may end up in a log.
    const message = `the body is no ExportTraceServiceRequest in ${format === 'json' ? 'JSON' : 'protobuf'}`;
    return refused(format, 400, `not_${format}`, message);
  }
  return { outcome: 'decoded', format, list };
}

function refused(
  format: BodyFormat,
  status: 400 | 413 | 415,
  reason: string,
  message: string,
): DecodedBody & { outcome: 'refused' } {
  return { outcome: 'refused', format, status, reason, message };
}

function formatOf(contentType: string | undefined): BodyFormat | undefined {
  switch (contentType?.split(';', 1)[0]?.trim().toLowerCase()) {
    case 'application/json':
      return 'json';
    case 'application/x-protobuf':
      return 'protobuf';
    default:
      return undefined;
  }
}

type Unpacked = { bytes: Uint8Array } | { status: 400 | 413 | 415; reason: string; message: string };

function unpack(body: Uint8Array, contentEncoding: string | undefined, most: number): Unpacked {
  const tooLarge = {
    status: 413,
    reason: 'too_large',
    message: `a request may have ${most} bytes, unpacked too: send smaller batches`,
  } as const;
  if (body.byteLength > most) return tooLarge;
  const encoding = contentEncoding?.trim().toLowerCase() ?? 'identity';
  if (encoding === 'identity' || encoding === '') return { bytes: body };
  if (encoding !== 'gzip')
    return { status: 415, reason: 'bad_content_encoding', message: 'send it as it is, or with gzip' };
  try {
    // Stops as soon as the limit is passed, however much is packed in there.
    return { bytes: gunzipSync(body, { maxOutputLength: most }) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') return tooLarge;
    return { status: 400, reason: 'not_gzip', message: 'the body is not gzip, as its encoding says' };
  }
}
