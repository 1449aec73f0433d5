import type { Endpoint, Protocol } from '@netring/topology';
import type { Hop } from './hop.ts';

/** Who asked: the far end of the connection that the proxy had, never what a header claims. */
export interface Client {
  end: Endpoint;
  /** As `contract/end.ts` writes it. */
  id: string;
  isInside: boolean;
  /** Whom it asked last. */
  hop?: Hop | undefined;
}

/** One try of the proxy to have a request answered. */
export interface Upstream {
  end: Endpoint;
  id: string;
  isInside: boolean;
  /** Who asked it last. */
  hop?: Hop | undefined;
}

export interface Try {
  upstream: Upstream;
  protocol: Protocol;
  /** 0 when there was no answer. */
  status: number;
  failed: boolean;
  sentBytes: number;
  receivedBytes: number;
  /** Absent where nothing timed it, and for streams. */
  latencyMs: number | undefined;
  /** How long the connection took; 0 for a connection that was there. */
  connectMs: number | undefined;
}

/** What one line says, whatever its format. Times are of the wall clock of the machine that wrote it. */
export interface AccessRecord {
  startMs: number;
  endMs: number;
  /** `undefined` when the line does not tell. */
  client: Client | undefined;
  /** Where the proxy was asked, when the line tells. */
  server: Upstream | undefined;
  protocol: Protocol;
  method: string | undefined;
  /** Without its query. */
  path: string | undefined;
  /** 0 when there was no answer. */
  status: number;
  requestBytes: number;
  responseBytes: number;
  /** From the request to the last byte of the answer; absent where nothing timed it, and for streams. */
  durationMs: number | undefined;
  /** What of it the origin took; absent likewise. */
  originMs: number | undefined;
  /** In the order in which they were made. */
  tries: readonly Try[];
  /** The line is a sidecar's: the client asked the upstream, with nothing between them that is a service. */
  isDirect: boolean;
  /** Further tries whose servers the line does not name. */
  hiddenTries: number;
  /** How many requests the proxy had taken since its start, where the line tells. */
  requestCount: number | undefined;
}

/** Why nothing was made of a line. */
export type LineRejection =
  | 'not_json'
  | 'bad_line'
  | 'no_time'
  | 'no_request'
  | 'bad_number'
  | 'no_ends'
  | 'duplicate'
  | 'unknown_format';

/** Reads what stands from `start` to before `end`. */
export type ByteReader<T> = (bytes: Buffer, start: number, end: number) => T;

/** A pure function of a line, but for what it remembers of earlier ones to be faster. */
export type LineParser = ByteReader<AccessRecord | LineRejection>;

export const noTries: readonly Try[] = [];
