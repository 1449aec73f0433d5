import { noTries, type LineParser } from './access-record.ts';
import { viewsOfBuffers } from './byte-scan.ts';
import { emptyCommonLine, readCommonLine } from './common-log.ts';
import { endsOf, type Ends } from './ends.ts';
import { requestTexts } from './request-texts.ts';
import { timeReader } from './times.ts';

/** nginx's (and Apache's) `combined` log: who asked for what, and no more: no duration, nothing behind the proxy. */
export function nginxCombined(ends: Ends = endsOf(undefined)): LineParser {
  const times = timeReader();
  const texts = requestTexts();
  const line = emptyCommonLine();
  const viewOf = viewsOfBuffers();
  return (bytes, start, end) => {
    const why = readCommonLine(bytes, viewOf(bytes), start, end, times, line);
    if (why !== undefined) return why;
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
      durationMs: undefined,
      originMs: undefined,
      tries: noTries,
      isDirect: false,
      hiddenTries: 0,
      requestCount: undefined,
    };
  };
}
