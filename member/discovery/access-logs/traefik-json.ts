import { noTries, type AccessRecord, type LineParser, type Try } from './access-record.ts';
import { endsOf, type Backend, type Ends } from './ends.ts';
import { jsonLine, keyNumbers, type JsonLine } from './json-line.ts';
import { requestTexts } from './request-texts.ts';
import { isStreamed, requestProtocol } from './request-protocol.ts';
import { timeReader } from './times.ts';

const keys = [
  ...([
    'StartUTC',
    'StartLocal',
    'time',
    'Duration',
    'OriginDuration',
    'ClientAddr',
    'RequestMethod',
  ] as const),
  ...(['RequestPath', 'RequestScheme', 'TLSVersion', 'RequestContentSize', 'RequestCount'] as const),
  ...(['ServiceURL', 'ServiceAddr', 'DownstreamStatus', 'DownstreamContentSize', 'OriginStatus'] as const),
  ...(['OriginContentSize', 'RetryAttempts', 'request_Content-Type', 'downstream_Content-Type'] as const),
] as const;
const k = keyNumbers(keys);

const nsPerMs = 1e6;

/**
 * Traefik's access log in JSON (v2, v3). `ClientAddr` is the far end of the connection; `ClientHost` may be whatever a
 * header said and is not looked at. `OriginDuration` is the callee's time, since `Duration` holds slow clients, too.
 */
export function traefikJson(ends: Ends = endsOf(undefined)): LineParser {
  const line = jsonLine(keys);
  const times = timeReader();
  const texts = requestTexts();
  return (bytes, start, end) => {
    if (!line.read(bytes, start, end)) return 'not_json';
    const method = line.text(k.RequestMethod, texts.method);
    const status = line.amount(k.DownstreamStatus);
    if (status === undefined && method === undefined) return 'no_request';
    const durationMs = divided(line.amount(k.Duration));
    const startMs = line.text(k.StartUTC, times.iso) ?? line.text(k.StartLocal, times.iso);
    const endMs =
      startMs === undefined ? line.text(k.time, times.iso) : Math.round(startMs + (durationMs ?? 0));
    if (endMs === undefined || Number.isNaN(endMs))
      return Number.isNaN(durationMs) ? 'bad_number' : 'no_time';
    const type = line.string(k['downstream_Content-Type']) ?? line.string(k['request_Content-Type']);
    const isStream = isStreamed(status ?? 0, type);
    const record: AccessRecord = {
      startMs: startMs ?? endMs - (durationMs ?? 0),
      endMs,
      client: line.text(k.ClientAddr, ends.client),
      server: undefined,
      protocol: requestProtocol(status ?? 0, type, isTls(line)),
      method,
      path: line.text(k.RequestPath, texts.path),
      status: status ?? 0,
      requestBytes: line.amount(k.RequestContentSize) ?? 0,
      responseBytes: line.amount(k.DownstreamContentSize) ?? 0,
      durationMs: isStream ? undefined : durationMs,
      originMs: undefined,
      tries: noTries,
      isDirect: false,
      hiddenTries: line.amount(k.RetryAttempts) ?? 0,
      requestCount: line.amount(k.RequestCount),
    };
    const upstream = upstreamOf(line, ends);
    if (upstream !== undefined) addTry(record, upstream, line, isStream);
    return areNumbers(record) ? record : 'bad_number';
  };
}

function addTry(record: AccessRecord, upstream: Backend, line: JsonLine, isStream: boolean): void {
  const { protocol } = record;
  const originMs = isStream ? undefined : divided(line.amount(k.OriginDuration));
  const answered = line.amount(k.OriginStatus) ?? 0;
  // Nobody behind answered: then what Traefik said itself tells whether it was for want of an answer.
  const failed = answered === 0 && record.status >= 500;
  if (answered === 0 && record.status !== 0 && record.status !== 499 && !failed) return;
  const one: Try = {
    upstream: upstream.upstream,
    protocol: protocol === 'websocket' || protocol === 'grpc' ? protocol : upstream.protocol,
    status: answered === 0 && !failed ? record.status : answered,
    failed,
    sentBytes: record.requestBytes,
    receivedBytes: line.amount(k.OriginContentSize) ?? 0,
    latencyMs: failed || answered === 0 ? undefined : originMs,
    connectMs: undefined,
  };
  record.tries = [one];
  record.originMs = originMs;
}

/** `ServiceURL` is a text in v3 and an object in v2; `ServiceAddr` is its host and port. */
function upstreamOf(line: JsonLine, ends: Ends): Backend | undefined {
  const backend = line.text(k.ServiceURL, ends.url);
  if (backend !== undefined) return backend;
  const upstream = line.text(k.ServiceAddr, ends.server);
  // Without a port nobody knows which of the machine's services it is.
  return upstream === undefined || upstream.end.port === 0 ? undefined : { upstream, protocol: 'http' };
}

function isTls(line: JsonLine): boolean {
  return line.isThere(k.TLSVersion) || line.text(k.RequestScheme, isHttps) === true;
}

function isHttps(bytes: Buffer, start: number, end: number): boolean {
  return end - start === 5 && bytes[end - 1] === 0x73;
}

function divided(nanoseconds: number | undefined): number | undefined {
  return nanoseconds === undefined ? undefined : nanoseconds / nsPerMs;
}

/** Whether what should be a number was one, everywhere. */
function areNumbers(record: AccessRecord): boolean {
  const { status, requestBytes, responseBytes, durationMs = 0, originMs = 0, tries } = record;
  const counts = record.hiddenTries + (record.requestCount ?? 0);
  const sum = status + requestBytes + responseBytes + durationMs + originMs + counts;
  const one = tries[0];
  const all = one === undefined ? sum : sum + one.status + one.receivedBytes;
  return all === all && status <= 999 && (one === undefined || one.status <= 999);
}
