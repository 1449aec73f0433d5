import { amountIn } from './json-line.ts';
import { endOfQuoted, indexOfByte } from './byte-scan.ts';
import { endOfWord, readRequestLine, type RequestLine } from './text-line.ts';
import type { TimeReader } from './times.ts';

/** Where the parts of a line in Apache's common form stand. */
export interface CommonLine {
  hostEnd: number;
  atMs: number;
  /** Whether {@link request} holds a request line. */
  hasRequest: boolean;
  request: RequestLine;
  requestStart: number;
  status: number;
  bytes: number;
  /** Behind the count of bytes. */
  rest: number;
}

export function emptyCommonLine(): CommonLine {
  const request = { methodEnd: 0, targetStart: 0, targetEnd: 0 };
  return { hostEnd: 0, atMs: 0, hasRequest: false, request, requestStart: 0, status: 0, bytes: 0, rest: 0 };
}

const [space, dash, bracketOpen, bracketClose, quote] = [0x20, 0x2d, 0x5b, 0x5d, 0x22];
const timeLength = 26;

/**
 * Reads `<host> - <user> [<time>] "<request>" <status> <bytes>` into `to`. The host may be a list and the user may hold
 * anything: the first bracket with a time in it is what they end at.
 */
export function readCommonLine(
  bytes: Buffer,
  view: DataView,
  start: number,
  end: number,
  times: TimeReader,
  to: CommonLine,
): 'bad_line' | 'no_time' | 'bad_number' | undefined {
  const hostEnd = endOfHost(bytes, view, start, end);
  if (hostEnd < 0) return 'bad_line';
  to.hostEnd = hostEnd;
  let at = hostEnd + 3;
  for (; ; at++) {
    while (at < end && bytes[at] !== bracketOpen) at++;
    if (at + timeLength + 2 >= end) return 'no_time';
    if (bytes[at + timeLength + 1] !== bracketClose || bytes[at - 1] !== space) continue;
    to.atMs = times.clf(bytes, at + 1, at + 1 + timeLength);
    if (!Number.isNaN(to.atMs)) break;
  }
  at += timeLength + 3;
  if (bytes[at] !== quote || bytes[at - 1] !== space) return 'bad_line';
  to.requestStart = at + 1;
  const requestEnd = endOfQuoted(bytes, view, at + 1, end);
  if (requestEnd < 0) return 'bad_line';
  to.hasRequest = readRequestLine(bytes, at + 1, requestEnd, to.request);
  const statusEnd = endOfWord(bytes, requestEnd + 2, end);
  const bytesEnd = endOfWord(bytes, statusEnd + 1, end);
  to.status = amountIn(bytes, requestEnd + 2, statusEnd) ?? 0;
  to.bytes = amountIn(bytes, statusEnd + 1, bytesEnd) ?? 0;
  if (!(to.status <= 999) || !(to.bytes >= 0)) return 'bad_number';
  to.rest = bytesEnd + 1;
  return undefined;
}

/** A list of addresses has commas and spaces; ` - ` or ` <ident> ` ends it. */
function endOfHost(bytes: Buffer, view: DataView, start: number, end: number): number {
  let at = indexOfByte(bytes, view, start + 1, end, space);
  while (at + 2 < end && (bytes[at + 2] !== space || bytes[at + 1] !== dash))
    at = indexOfByte(bytes, view, at + 1, end, space);
  return at + 2 < end ? at : -1;
}
