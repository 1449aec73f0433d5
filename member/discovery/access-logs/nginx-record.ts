import type { AccessRecord, LineRejection } from './access-record.ts';
import type { Ends } from './ends.ts';
import { keyNumbers, type JsonLine } from './json-line.ts';
import { nginxTries } from './nginx-tries.ts';
import { isStreamed, requestProtocol } from './request-protocol.ts';
import type { RequestTexts } from './request-texts.ts';
import { readRequestLine, type RequestLine } from './text-line.ts';
import type { TimeReader } from './times.ts';

/** The variables of nginx that are looked at. */
export const nginxVariables = [
  ...(['remote_addr', 'request', 'time_local'] as const),
  ...(['msec', 'time_iso8601', 'server_addr', 'server_port', 'scheme'] as const),
  ...(['request_method', 'uri', 'request_uri', 'status', 'body_bytes_sent', 'bytes_sent'] as const),
  ...(['request_length', 'request_time', 'upstream_addr', 'upstream_status'] as const),
  ...(['upstream_connect_time', 'upstream_header_time', 'upstream_response_time'] as const),
  ...(['upstream_bytes_received', 'upstream_bytes_sent', 'sent_http_content_type'] as const),
] as const;
const v = keyNumbers(nginxVariables);

/** The values of a line, by the place of their variable in {@link nginxVariables}. */
export type NginxLine = Pick<JsonLine, 'amount' | 'text' | 'string'>;

/** Turns the variables of a line into a record, however the line was written. */
export function nginxRecord(
  line: NginxLine,
  times: TimeReader,
  texts: RequestTexts,
  ends: Ends,
): AccessRecord | LineRejection {
  const status = line.amount(v.status);
  if (status === undefined) return 'no_request';
  const msec = line.amount(v.msec);
  const endMs =
    msec === undefined
      ? (line.text(v.time_iso8601, times.iso) ?? line.text(v.time_local, times.clf))
      : Math.round(msec * 1000);
  if (endMs === undefined || Number.isNaN(endMs)) return 'no_time';
  const totalMs = milliseconds(line.amount(v.request_time));
  const type = line.string(v.sent_http_content_type);
  const isStream = isStreamed(status, type);
  const tries = nginxTries(
    {
      addresses: line.string(v.upstream_addr),
      statuses: line.string(v.upstream_status),
      headerTimes: line.string(v.upstream_header_time),
      connectTimes: line.string(v.upstream_connect_time),
      responseTimes: line.string(v.upstream_response_time),
      bytesReceived: line.string(v.upstream_bytes_received),
      bytesSent: line.string(v.upstream_bytes_sent),
    },
    isStream,
    ends,
  );
  const requestBytes = line.amount(v.request_length) ?? 0;
  const responseBytes = line.amount(v.body_bytes_sent) ?? line.amount(v.bytes_sent) ?? 0;
  const sum = status + requestBytes + responseBytes + (totalMs ?? 0);
  if (Number.isNaN(sum) || status > 999 || tries === 'bad_number') return 'bad_number';
  return {
    startMs: endMs - (totalMs ?? 0),
    endMs,
    client: line.text(v.remote_addr, ends.client),
    server: serverOf(line.string(v.server_addr), line.string(v.server_port), ends),
    protocol: requestProtocol(status, type, line.string(v.scheme) === 'https'),
    method: line.text(v.request_method, texts.method) ?? line.text(v.request, methodIn(texts)),
    path:
      line.text(v.uri, texts.path) ??
      line.text(v.request_uri, texts.path) ??
      line.text(v.request, pathIn(texts)),
    status,
    requestBytes,
    responseBytes,
    durationMs: isStream ? undefined : totalMs,
    originMs: isStream ? undefined : tries.originMs,
    tries: tries.tries,
    isDirect: false,
    hiddenTries: tries.unnamed,
    requestCount: undefined,
  };
}

type Reader = (bytes: Buffer, start: number, end: number) => string | undefined;

function methodIn(texts: RequestTexts): Reader {
  return (bytes, start, end) => {
    const at = requestLineAt(bytes, start, end);
    return at === undefined ? undefined : texts.method(bytes, start, at.methodEnd);
  };
}

function pathIn(texts: RequestTexts): Reader {
  return (bytes, start, end) => {
    const at = requestLineAt(bytes, start, end);
    return at === undefined ? undefined : texts.path(bytes, at.targetStart, at.targetEnd);
  };
}

function requestLineAt(bytes: Buffer, start: number, end: number): RequestLine | undefined {
  const at = { methodEnd: 0, targetStart: 0, targetEnd: 0 };
  return readRequestLine(bytes, start, end, at) ? at : undefined;
}

function milliseconds(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : Math.round(seconds * 1e6) / 1000;
}

function serverOf(
  address: string | undefined,
  port: string | undefined,
  ends: Ends,
): ReturnType<Ends['server']> {
  if (address === undefined || port === undefined) return undefined;
  const text = Buffer.from(`${address.includes(':') ? `[${address}]` : address}:${port}`);
  return ends.server(text, 0, text.length);
}
