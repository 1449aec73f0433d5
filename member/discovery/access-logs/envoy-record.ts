import type { AccessRecord, LineRejection, Try, Upstream } from './access-record.ts';
import { noTries } from './access-record.ts';
import type { Ends } from './ends.ts';
import { envoyFlags } from './envoy-flags.ts';
import type { RequestIds } from './request-ids.ts';
import type { RequestTexts } from './request-texts.ts';

/** What a line of Envoy's says, whatever its form. Texts are absent where it has none or `-`. */
export interface EnvoyLine {
  startMs: number | undefined;
  method: string | undefined;
  path: string | undefined;
  protocol: string | undefined;
  status: number | undefined;
  flags: string | undefined;
  bytesReceived: number;
  bytesSent: number;
  durationMs: number | undefined;
  /** What the upstream took, as Envoy measured it; whole milliseconds. */
  serviceMs: number | undefined;
  requestId: string | undefined;
  upstreamHost: string | undefined;
  /** `outbound|9080|v1|reviews.default.svc.cluster.local` or `inbound|9080||` where a sidecar wrote it. */
  cluster: string | undefined;
  upstreamLocal: string | undefined;
  downstreamLocal: string | undefined;
  downstreamRemote: string | undefined;
  contentType: string | undefined;
}

/**
 * A sidecar is no service: what its line says is that its application asked somebody, or was asked. Both sidecars of a
 * request log it; where both logs are read it is counted once.
 */
export function envoyRecord(
  line: EnvoyLine,
  ends: Ends,
  texts: RequestTexts,
  requestIds: RequestIds,
): AccessRecord | LineRejection {
  const { startMs, durationMs, serviceMs, status, bytesReceived, bytesSent } = line;
  if (status === undefined) return 'no_request';
  if (startMs === undefined || Number.isNaN(startMs)) return 'no_time';
  const sum = status + bytesReceived + bytesSent + (durationMs ?? 0) + (serviceMs ?? 0);
  if (Number.isNaN(sum) || status > 999) return 'bad_number';
  const flags = envoyFlags(line.flags);
  const isStream = status === 101;
  const shown = status === 0 && flags.clientGone ? 499 : status;
  const upstream = flags.notAsked ? undefined : endIn(line.upstreamHost, ends.server);
  const side = sideOf(line);
  const client = endIn(line.downstreamRemote, ends.client);
  const callee = side === 'inbound' ? endIn(line.downstreamLocal, ends.server) : upstream;
  const protocol = protocolOf(line, isStream);
  const record: AccessRecord = {
    startMs,
    endMs: Math.round(startMs + (durationMs ?? 0)),
    client,
    server: side === undefined ? endIn(line.downstreamLocal, ends.server) : undefined,
    protocol,
    method: line.method === undefined ? undefined : bytesOf(line.method, texts.method),
    path: line.path === undefined ? undefined : bytesOf(line.path, texts.path),
    status: shown,
    requestBytes: bytesReceived,
    responseBytes: bytesSent,
    durationMs: isStream ? undefined : durationMs,
    originMs: isStream || upstream === undefined ? undefined : serviceMs,
    tries: noTries,
    isDirect: side !== undefined,
    hiddenTries: 0,
    requestCount: undefined,
  };
  if (callee !== undefined && callee.end.port !== 0)
    record.tries = [tryOf(record, callee, flags.failed, serviceMs, isStream)];
  if (side === undefined) return record;
  const [one] = record.tries;
  if (one === undefined || client === undefined) return 'no_ends';
  if (requestIds.isSecondSight(line.requestId, side, one.upstream.id)) return 'duplicate';
  return record;
}

function tryOf(
  record: AccessRecord,
  upstream: Upstream,
  failed: boolean,
  serviceMs: number | undefined,
  isStream: boolean,
): Try {
  return {
    upstream,
    protocol: record.protocol,
    // What Envoy answered in place of the upstream is not the upstream's.
    status: failed ? 0 : record.status,
    failed,
    sentBytes: record.requestBytes,
    receivedBytes: record.responseBytes,
    latencyMs:
      failed || isStream ? undefined : (serviceMs ?? (record.isDirect ? record.durationMs : undefined)),
    connectMs: undefined,
  };
}

/** A sidecar of the caller shares its address; a gateway, whose clusters are called the same, does not. */
function sideOf({ cluster, downstreamRemote, upstreamLocal }: EnvoyLine): 'outbound' | 'inbound' | undefined {
  if (cluster?.startsWith('inbound|') === true) return 'inbound';
  if (cluster?.startsWith('outbound|') !== true) return undefined;
  const [from, own] = [hostOf(downstreamRemote), hostOf(upstreamLocal)];
  return from !== undefined && from === own ? 'outbound' : undefined;
}

function hostOf(address: string | undefined): string | undefined {
  return address?.replace(/:\d+$/, '');
}

function protocolOf({ contentType }: EnvoyLine, isStream: boolean): AccessRecord['protocol'] {
  if (isStream) return 'websocket';
  return contentType?.startsWith('application/grpc') === true ? 'grpc' : 'http';
}

function endIn<T>(
  text: string | undefined,
  read: (bytes: Buffer, start: number, end: number) => T,
): T | undefined {
  return text === undefined ? undefined : bytesOf(text, read);
}

function bytesOf<T>(text: string, read: (bytes: Buffer, start: number, end: number) => T): T {
  const bytes = Buffer.from(text);
  return read(bytes, 0, bytes.length);
}
