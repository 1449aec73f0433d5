import protobuf from 'protobufjs/minimal.js';
import type { BodyFormat } from './body.ts';

/** An answer over HTTP. */
export interface SpanAnswer {
  status: 200 | 400 | 413 | 415;
  contentType: 'application/json' | 'application/x-protobuf';
  body: Uint8Array;
}

/** google.rpc.Code INVALID_ARGUMENT. */
const invalidArgument = 3;

/** ExportTraceServiceResponse: all spans taken, or how many were not and why. */
export function takenAnswer(format: BodyFormat, rejectedSpans: number, message: string): SpanAnswer {
  const isPartial = rejectedSpans > 0;
  if (format === 'json') {
    // 64-bit numbers are strings in protobuf's JSON.
    const partialSuccess = { rejectedSpans: String(rejectedSpans), errorMessage: message };
    return json(200, isPartial ? { partialSuccess } : {});
  }
  const writer = protobuf.Writer.create();
  if (isPartial)
    writer.uint32(0x0a).fork().uint32(0x08).int64(rejectedSpans).uint32(0x12).string(message).ldelim();
  return { status: 200, contentType: 'application/x-protobuf', body: writer.finish() };
}

/** google.rpc.Status: nothing of it was taken. */
export function refusedAnswer(format: BodyFormat, status: SpanAnswer['status'], message: string): SpanAnswer {
  if (format === 'json') return json(status, { code: invalidArgument, message });
  const writer = protobuf.Writer.create().uint32(0x08).int32(invalidArgument).uint32(0x12).string(message);
  return { status, contentType: 'application/x-protobuf', body: writer.finish() };
}

function json(status: SpanAnswer['status'], value: object): SpanAnswer {
  return { status, contentType: 'application/json', body: Buffer.from(JSON.stringify(value)) };
}
