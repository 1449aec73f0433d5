import type { LineParser } from './access-record.ts';
import { endOfQuoted, viewsOfBuffers } from './byte-scan.ts';
import { emptyCommonLine, readCommonLine } from './common-log.ts';
import { commonRecord } from './common-record.ts';
import { endsOf, isNothing, type Ends } from './ends.ts';
import { amountIn } from './json-line.ts';
import { isStreamed } from './request-protocol.ts';
import { requestTexts } from './request-texts.ts';
import { endOfWord } from './text-line.ts';
import { timeReader } from './times.ts';

const [space, quote] = [0x20, 0x22];

/**
 * Traefik's `common` log, and `genericCLF`, which ends after the user agent. It names the caller by `X-Forwarded-For`
 * where a trusted proxy set that: one address is taken for the caller, a list is nobody. It has no status of the
 * backend's own and only one duration, so that the backend is counted, with what the client was told, and not timed.
 */
export function traefikClf(ends: Ends = endsOf(undefined)): LineParser {
  const times = timeReader();
  const texts = requestTexts();
  const line = emptyCommonLine();
  const viewOf = viewsOfBuffers();
  const tail = { requestCount: 0, urlStart: 0, urlEnd: 0, durationMs: 0, hasTail: false };
  return (bytes, start, end) => {
    const view = viewOf(bytes);
    const why = readCommonLine(bytes, view, start, end, times, line);
    if (why !== undefined) return why;
    if (!readTail(bytes, view, line.rest, end, tail)) return 'bad_line';
    const { status } = line;
    const isStream = isStreamed(status, undefined);
    const durationMs = tail.hasTail && !isStream ? tail.durationMs : undefined;
    const record = commonRecord(bytes, start, line, durationMs, texts, ends);
    if (!tail.hasTail) return record;
    record.requestCount = tail.requestCount;
    record.endMs += tail.durationMs;
    if (isNothing(bytes, tail.urlStart, tail.urlEnd)) return record;
    const backend = ends.url(bytes, tail.urlStart, tail.urlEnd);
    if (backend === undefined) return record;
    const one = {
      upstream: backend.upstream,
      protocol: isStream ? ('websocket' as const) : backend.protocol,
      status,
      failed: false,
      sentBytes: 0,
      receivedBytes: line.bytes,
      // The only duration holds slow clients, too.
      latencyMs: undefined,
      connectMs: undefined,
    };
    record.tries = [one];
    return record;
  };
}

interface Tail {
  hasTail: boolean;
  requestCount: number;
  urlStart: number;
  urlEnd: number;
  durationMs: number;
}

/** `"<Referer>" "<User-Agent>" <RequestCount> "<RouterName>" "<ServiceURL>" <Duration>ms` */
function readTail(bytes: Buffer, view: DataView, start: number, end: number, to: Tail): boolean {
  to.hasTail = false;
  let at = afterQuoted(bytes, view, start, end);
  if (at < 0) return start >= end;
  at = afterQuoted(bytes, view, at, end);
  if (at < 0) return false;
  if (at >= end) return true;
  const countEnd = endOfWord(bytes, at, end);
  const count = amountIn(bytes, at, countEnd);
  at = afterQuoted(bytes, view, countEnd + 1, end);
  if (at < 0 || bytes[at] !== quote) return false;
  to.urlStart = at + 1;
  to.urlEnd = endOfQuoted(bytes, view, at + 1, end);
  if (to.urlEnd < 0 || bytes[end - 1] !== 0x73 || bytes[end - 2] !== 0x6d) return false;
  const duration = amountIn(bytes, to.urlEnd + 2, end - 2);
  to.requestCount = count ?? 0;
  to.durationMs = duration ?? NaN;
  to.hasTail = true;
  return to.durationMs >= 0 && to.requestCount >= 0;
}

/** Behind the text in quotes that begins at `start`, and the space after it; -1 when there is none. */
function afterQuoted(bytes: Buffer, view: DataView, start: number, end: number): number {
  if (bytes[start] !== quote || start >= end) return -1;
  const close = endOfQuoted(bytes, view, start + 1, end);
  if (close < 0) return -1;
  return bytes[close + 1] === space || close + 1 >= end ? close + 2 : -1;
}
