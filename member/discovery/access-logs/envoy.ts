import type { LineParser } from './access-record.ts';
import { endsOf, type Ends } from './ends.ts';
import { envoyRecord, type EnvoyLine } from './envoy-record.ts';
import { amountIn, jsonLine, keyNumbers } from './json-line.ts';
import { requestIds, type RequestIds } from './request-ids.ts';
import { requestTexts } from './request-texts.ts';
import { readRequestLine, Words } from './text-line.ts';
import { timeReader } from './times.ts';

const keys = [
  ...(['start_time', 'method', 'path', 'protocol', 'response_code', 'response_flags'] as const),
  ...(['bytes_received', 'bytes_sent', 'duration', 'upstream_service_time', 'request_id'] as const),
  ...(['upstream_host', 'upstream_cluster', 'upstream_local_address', 'downstream_local_address'] as const),
  ...(['downstream_remote_address', 'response_content_type', 'x_envoy_original_path'] as const),
] as const;
const k = keyNumbers(keys);

/**
 * Envoy's log: its default text, Istio's longer text, and JSON with Istio's keys. The default text does not say who
 * asked: a header may say anything, so that only the upstream is counted.
 *
 * @param ids shared by the logs of one host, so that a request that two sidecars log is counted once
 */
export function envoy(ends: Ends = endsOf(), ids: RequestIds = requestIds()): LineParser {
  const json = jsonLine(keys);
  const words = new Words();
  const times = timeReader();
  const texts = requestTexts();
  const ofJson: LineParser = (bytes, start, end) => {
    if (!json.read(bytes, start, end)) return 'not_json';
    const text = (key: number): string | undefined => known(json.string(key));
    const line: EnvoyLine = {
      startMs: json.text(k.start_time, times.iso),
      method: text(k.method),
      path: text(k.x_envoy_original_path) ?? text(k.path),
      protocol: text(k.protocol),
      status: json.amount(k.response_code),
      flags: text(k.response_flags),
      bytesReceived: json.amount(k.bytes_received) ?? 0,
      bytesSent: json.amount(k.bytes_sent) ?? 0,
      durationMs: json.amount(k.duration),
      serviceMs: json.amount(k.upstream_service_time),
      requestId: text(k.request_id),
      upstreamHost: text(k.upstream_host),
      cluster: text(k.upstream_cluster),
      upstreamLocal: text(k.upstream_local_address),
      downstreamLocal: text(k.downstream_local_address),
      downstreamRemote: text(k.downstream_remote_address),
      contentType: text(k.response_content_type),
    };
    return envoyRecord(line, ends, texts, ids);
  };
  const request = { methodEnd: 0, targetStart: 0, targetEnd: 0 };
  const ofText: LineParser = (bytes, start, end) => {
    const timeEnd = bytes.indexOf(']', start);
    if (bytes[start] !== 0x5b || timeEnd < 0 || timeEnd + 2 >= end) return 'bad_line';
    if (!words.read(bytes, timeEnd + 2, end) || words.count < 12) return 'bad_line';
    // Istio's has three more between flags and bytes, and the addresses at the end.
    const isLong = words.count >= 20;
    const more = isLong ? 3 : 0;
    const text = (word: number): string | undefined =>
      words.isNothing(bytes, word) ? undefined : bytes.toString('utf8', words.starts[word], words.ends[word]);
    const amount = (word: number): number | undefined => {
      const [from, to] = [words.starts[word] as number, words.ends[word] as number];
      return amountIn(bytes, from, to);
    };
    const [from, to] = [words.starts[0] as number, words.ends[0] as number];
    const hasRequest = readRequestLine(bytes, from, to, request);
    return envoyRecord(
      {
        startMs: times.iso(bytes, start + 1, timeEnd),
        method: hasRequest ? known(bytes.toString('latin1', from, request.methodEnd)) : undefined,
        path: hasRequest ? known(bytes.toString('utf8', request.targetStart, request.targetEnd)) : undefined,
        protocol: hasRequest ? bytes.toString('latin1', request.targetEnd + 1, to) : undefined,
        status: amount(1),
        flags: text(2),
        bytesReceived: amount(3 + more) ?? 0,
        bytesSent: amount(4 + more) ?? 0,
        durationMs: amount(5 + more),
        serviceMs: amount(6 + more),
        requestId: text(9 + more),
        upstreamHost: text(11 + more),
        cluster: isLong ? text(15) : undefined,
        upstreamLocal: isLong ? text(16) : undefined,
        downstreamLocal: isLong ? text(17) : undefined,
        downstreamRemote: isLong ? text(18) : undefined,
        contentType: undefined,
      },
      ends,
      texts,
      ids,
    );
  };
  return (bytes, start, end) =>
    bytes[start] === 0x7b ? ofJson(bytes, start, end) : ofText(bytes, start, end);
}

function known(text: string | undefined): string | undefined {
  return text === undefined || text === '' || text === '-' ? undefined : text;
}
