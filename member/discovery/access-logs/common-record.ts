import { noTries, type AccessRecord } from './access-record.ts';
import type { CommonLine } from './common-log.ts';
import type { Ends } from './ends.ts';
import type { requestTexts } from './request-texts.ts';

/** What a line in the common log format tells, with the duration that may stand behind it, milliseconds; nothing of what is behind the proxy. */
export function commonRecord(
  bytes: Buffer,
  start: number,
  line: CommonLine,
  durationMs: number | undefined,
  texts: ReturnType<typeof requestTexts>,
  ends: Ends,
): AccessRecord {
  const { request, requestStart, hasRequest, status } = line;
  return {
    startMs: line.atMs,
    endMs: line.atMs,
    client: ends.client(bytes, start, line.hostEnd),
    server: undefined,
    protocol: status === 101 ? 'websocket' : 'http',
    method: hasRequest ? texts.method(bytes, requestStart, request.methodEnd) : undefined,
    path: hasRequest ? texts.path(bytes, request.targetStart, request.targetEnd) : undefined,
    status,
    requestBytes: 0,
    responseBytes: line.bytes,
    durationMs,
    originMs: undefined,
    tries: noTries,
    isDirect: false,
    hiddenTries: 0,
    requestCount: undefined,
  };
}
