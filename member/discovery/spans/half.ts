import type { Protocol } from '@netring/topology';
import { farEndOf, ownPortOf, type FarEnd } from './far-end.ts';
import { isDatabase, outcomeOf, protocolOf, type RequestOutcome } from './protocol.ts';
import type { Sender } from './senders.ts';
import {
  kinds,
  numberOf,
  textOf,
  type Attributes,
  type ParentPlace,
  type Span,
  type SpanKind,
} from './span.ts';
import { sampledWeight } from './threshold.ts';

/** What one span says of a request: one end of it, as small as it can be, since many wait for the other end. */
export interface Half {
  /** `traceId` and `spanId` joined. */
  key: string;
  /** The same of its parent; empty when it has none. */
  parentKey: string;
  parentPlace: ParentPlace;
  links: readonly string[];
  kind: SpanKind;
  sender: Sender;
  /** Epoch milliseconds on the sender's clock: when it was over. */
  endMs: number;
  /** Not known when the sender's clock was set meanwhile. */
  durationMs: number | undefined;
  /** What it says of the other end. */
  far: FarEnd;
  /** Of a callee: the port that it was asked on; 0 when not known. */
  ownPort: number;
  protocol: Protocol | undefined;
  /** Its callee writes no spans, so that waiting for one is in vain. */
  isDatabase: boolean;
  outcome: RequestOutcome;
  method: string | undefined;
  path: string | undefined;
  bytesSent: number;
  bytesReceived: number;
  /** How many requests it stands for. */
  weight: number;
}

const longestPath = 300;
/** No request takes longer: a clock was set in between. */
const longestMs = 86_400_000;

/** What `span` says of a request. `onBadThreshold` is told when its sampling cannot be read. */
export function halfOf(span: Span, sender: Sender, onBadThreshold: () => void): Half {
  const { attributes, kind } = span;
  const isCaller = kind === kinds.client || kind === kinds.producer;
  const weight = sampledWeight(span.traceState);
  if (weight === undefined) onBadThreshold();
  return {
    key: span.traceId + span.spanId,
    parentKey: span.parentSpanId === '' ? '' : span.traceId + span.parentSpanId,
    parentPlace: span.parentPlace,
    links: span.links,
    kind,
    sender,
    endMs: Math.max(span.startUs, span.endUs) / 1000,
    durationMs: durationOf(span),
    far: farEndOf(kind, attributes),
    ownPort: ownPortOf(attributes),
    protocol: protocolOf(attributes),
    isDatabase: kind === kinds.client && isDatabase(attributes),
    outcome: outcomeOf(attributes, span.isError, isCaller),
    method: methodOf(attributes),
    path: pathOf(attributes),
    bytesSent: sizeOf(attributes, 'http.request.body.size', 'http.request_content_length'),
    bytesReceived: sizeOf(attributes, 'http.response.body.size', 'http.response_content_length'),
    weight: weight ?? 1,
  };
}

function durationOf({ startUs, endUs }: Span): number | undefined {
  const ms = (endUs - startUs) / 1000;
  return ms >= 0 && ms <= longestMs ? ms : undefined;
}

function methodOf(attributes: Attributes): string | undefined {
  return textOf(
    attributes,
    'http.request.method',
    'http.method',
    'rpc.method',
    'db.operation.name',
    'db.operation',
    'messaging.operation.type',
    'messaging.operation',
  )?.slice(0, 32);
}

/** The route where it is known, else the path, without its query; a queue or topic is the path of a message. */
function pathOf(attributes: Attributes): string | undefined {
  const path =
    textOf(attributes, 'http.route', 'url.path', 'http.target') ??
    urlPath(textOf(attributes, 'url.full', 'http.url')) ??
    textOf(attributes, 'rpc.service', 'messaging.destination.name');
  return path?.split(/[?#]/, 1)[0]?.slice(0, longestPath);
}

function urlPath(url: string | undefined): string | undefined {
  return url !== undefined && URL.canParse(url) ? new URL(url).pathname : undefined;
}

function sizeOf(attributes: Attributes, ...names: readonly string[]): number {
  const size = numberOf(attributes, ...names) ?? 0;
  return size >= 0 && size <= 1e12 ? size : 0;
}
