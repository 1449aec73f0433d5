import { monotonicMs } from '../../clock.ts';
import type { Collector } from '../collector.ts';
import { refusedAnswer, takenAnswer, type SpanAnswer } from './answer.ts';
import { decodeBody } from './body.ts';
import { createDependencies } from './dependencies.ts';
import { halfOf } from './half.ts';
import { thisMachine, type Here } from './here.ts';
import { lossesOf } from './losses.ts';
import { PairTable } from './pair-table.ts';
import { createSenders } from './senders.ts';
import type { SpanList, SpanRefusal } from './span.ts';

export interface SpanLimits {
  /**
   * Bytes of one request, packed or unpacked. A collector's usual batch of 8,192 spans has about 5 MB; what is in a body
   * takes several times its size while it is read.
   */
  bodyBytes: number;
  /** Spans of one request; further ones are refused. */
  requestSpans: number;
  /** How long a span waits for the one of the other end. SDKs send every 5 s, and each end at its own time. */
  waitMs: number;
  /** Spans that wait or are waited for at one time, some 600 bytes each; beyond it the oldest give way. */
  waitingSpans: number;
}

export const defaultSpanLimits: SpanLimits = {
  bodyBytes: 8 * 1024 * 1024,
  requestSpans: 20_000,
  waitMs: 10_000,
  waitingSpans: 50_000,
};

export interface SpanIntakeOptions {
  collector: Collector;
  /** What is known of this machine; by default what it says of itself, without containers. */
  here?: Here;
  /** Monotonic milliseconds. */
  now?: () => number;
  /** Epoch milliseconds. */
  wallNow?: () => number;
  limits?: Partial<SpanLimits>;
  /** How often to look who has waited long enough; 0: only when {@link SpanIntake.look} is called. */
  lookEveryMs?: number;
}

/** Takes spans over OTLP/HTTP. */
export interface SpanIntake {
  /**
   * Takes the body of a `POST /v1/traces` and says what to answer. Never throws.
   * @param body as it came, still packed
   */
  take(body: Uint8Array, contentType: string | undefined, contentEncoding: string | undefined): SpanAnswer;
  /** Tells what has waited long enough, and how it stands. */
  look(): void;
  /** Tells everything that still waits, and ends. */
  close(): void;
}

/** Turns OpenTelemetry spans into dependencies: pairs of both ends that meet here, and halves by the address they name. */
export function createSpanIntake(options: SpanIntakeOptions): SpanIntake {
  const { collector, now = monotonicMs, wallNow = Date.now, lookEveryMs = 1000 } = options;
  const limits = { ...defaultSpanLimits, ...options.limits };
  const book = collector.source('spans', 'OTLP /v1/traces');
  const { sink, tally } = createDependencies(collector, wallNow);
  const table = new PairTable({ waitMs: limits.waitMs, spans: limits.waitingSpans }, sink);
  const senders = createSenders({
    here: options.here ?? thisMachine(() => undefined),
    now,
    tell: (services) => collector.services('spans', services),
  });
  let badThresholds = 0;
  let sampled = 0;

  /** Hands the spans in; those that are refused are added to the list's own. */
  const handIn = (list: SpanList): void => {
    let taken = 0;
    for (const span of list.spans) {
      const sender = senders.of(span.resource);
      if (sender === undefined) {
        list.refuse('no_service_name');
        continue;
      }
      const half = halfOf(span, sender, () => badThresholds++);
      if (half.weight > 1) sampled++;
      if (table.add(half, now())) taken++;
      else list.refuse('duplicate');
    }
    if (taken > 0) book.taken(taken, wallNow());
    for (const [reason, count] of list.refused) book.rejected(reason, count);
  };
  const look = (): void => {
    table.sweep(now());
    senders.look();
    book.losses(lossesOf({ ...tally, badThresholds, sampled, crowdedOut: table.crowdedOut, limits }));
  };
  const timer = lookEveryMs === 0 ? undefined : setInterval(look, lookEveryMs).unref();
  book.state('ok');

  return {
    take(body, contentType, contentEncoding) {
      const decoded = decodeBody(body, contentType, contentEncoding, limits);
      if (decoded.outcome === 'refused') {
        book.rejected(decoded.reason);
        return refusedAnswer(decoded.format, decoded.status, decoded.message);
      }
      handIn(decoded.list);
      senders.look();
      return takenAnswer(decoded.format, ...refusalOf(decoded.list.refused));
    },
    look,
    close() {
      clearInterval(timer);
      table.flush();
      look();
      book.close();
    },
  };
}

/** How many spans were refused, and why, for their sender. One that was here before was taken then. */
function refusalOf(refused: ReadonlyMap<SpanRefusal, number>): [number, string] {
  const told = [...refused].filter(([reason]) => reason !== 'duplicate');
  const count = told.reduce((sum, [, many]) => sum + many, 0);
  return [count, told.map(([reason, many]) => `${reason}: ${many}`).join(', ')];
}
