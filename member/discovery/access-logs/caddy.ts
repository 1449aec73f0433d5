import { noTries, type LineParser } from './access-record.ts';
import { endsOf, type Ends } from './ends.ts';
import { jsonLine, keyNumbers } from './json-line.ts';
import { isStreamed, requestProtocol } from './request-protocol.ts';
import { requestTexts } from './request-texts.ts';
import { timeReader } from './times.ts';

const keys = ['ts', 'request', 'status', 'size', 'duration', 'bytes_read'] as const;
const requestKeys = ['remote_ip', 'method', 'uri', 'tls'] as const;
const [k, r] = [keyNumbers(keys), keyNumbers(requestKeys)];

/**
 * Caddy's log in JSON. `remote_ip` is the far end of the connection, `client_ip` what trusted proxies claim. It does not
 * say what is behind it.
 */
export function caddy(ends: Ends = endsOf()): LineParser {
  const line = jsonLine(keys);
  const request = jsonLine(requestKeys);
  const times = timeReader();
  const texts = requestTexts();
  return (bytes, start, end) => {
    if (!line.read(bytes, start, end)) return 'not_json';
    const place = line.nested(k.request);
    const status = line.amount(k.status);
    if (place === undefined || status === undefined) return 'no_request';
    if (!request.read(bytes, ...place)) return 'not_json';
    // `ts` is a number of seconds, or a text where `time_format` says so; it is the end of the request.
    const seconds = line.amount(k.ts);
    const isNumber = seconds !== undefined && !Number.isNaN(seconds);
    const endMs = isNumber ? Math.round(seconds * 1000) : line.text(k.ts, times.iso);
    if (endMs === undefined || Number.isNaN(endMs)) return 'no_time';
    const took = durationMs(line.string(k.duration));
    const requestBytes = line.amount(k.bytes_read) ?? 0;
    const responseBytes = line.amount(k.size) ?? 0;
    if (Number.isNaN(status + (took ?? 0) + requestBytes + responseBytes) || status > 999)
      return 'bad_number';
    return {
      startMs: endMs - (took ?? 0),
      endMs,
      client: request.text(r.remote_ip, ends.client),
      server: undefined,
      protocol: requestProtocol(status, undefined, request.isThere(r.tls)),
      method: request.text(r.method, texts.method),
      path: request.text(r.uri, texts.path),
      status,
      requestBytes,
      responseBytes,
      durationMs: isStreamed(status, undefined) ? undefined : took,
      originMs: undefined,
      tries: noTries,
      isDirect: false,
      hiddenTries: 0,
      requestCount: undefined,
    };
  };
}

const unitMs: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/** Seconds, or what `duration_format string` writes: `1.5ms`, `1m2.5s`. */
function durationMs(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = Number(text);
  if (text.trim() !== '' && seconds >= 0) return seconds * 1000;
  let ms = 0;
  const rest = text.replace(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g, (_, value: string, unit: string) => {
    ms += Number(value) * (unitMs[unit] as number);
    return '';
  });
  return rest === '' ? ms : NaN;
}
