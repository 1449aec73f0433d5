import type { Laid } from '../overlay/index.ts';
import { addedByProbes, type Reckoned } from './reckon.ts';
import type { SeenWindow } from './seen-window.ts';
import { excessRatio, type Feature, type UsualBook } from './usual.ts';

/**
 * What can be wrong, each of one side. Network: `rtt` longer round trips, `loss` retransmissions, `cut` a path that is
 * down. Application: `own` its own share of a median request, `tail` of the slow ones, `unread` a receiver that does not
 * read, `silent` a callee that takes what is sent and answers nothing, `proxy`, `accept` a callee that is slow to accept, `errors`.
 */
export const networkSigns = ['cut', 'rtt', 'loss'] as const;
export const applicationSigns = ['errors', 'silent', 'unread', 'own', 'proxy', 'accept', 'tail'] as const;
export type Sign = (typeof networkSigns)[number] | (typeof applicationSigns)[number];

/** How bad a window was by each sign, in thresholds: above 1 it is high. Absent: this window says nothing of it. */
export type Ratios = Partial<Record<Sign, number>>;

const leastMs = 2;
/** Retransmitted bytes beyond the usual, and so many segments at least: one lost segment of twenty is chance. */
const leastRetransmitted = 0.01;
const leastRetransmits = 5;
/** Share of the sending time beyond the usual; where no request was timed, so much of it in all. */
const leastLimited = 0.15;
const limitedAlone = 0.5;
/** 5xx and unanswered requests, as the health of a dependency has it; and so many of them. */
const failingShare = 0.05;
const leastErrors = 3;
/** The buckets of latency histograms: a median moves by this much at once. */
const bucketWidth = 0.041;
/** Where all requests share a connection that is stopped now and then, their median varies by so much. */
const stallAtMs = 60;
/** Where more requests than these may have waited for a retransmission, the slowest twentieth says nothing. */
const stalledTail = 0.03;
/** Fewer requests have no 95th percentile worth the name. */
const leastForTail = 40;

/**
 * Holds a window against what is usual.
 *
 * @param answers whether the callee is known to answer at all: there are protocols in which nobody does
 */
export function signsOf(
  seen: SeenWindow,
  reckoned: Reckoned,
  laid: Laid,
  usual: UsualBook,
  answers: boolean,
): Ratios {
  const over = comparer(reckoned, usual);
  const rtt = rttRatio(seen, reckoned, usual);
  const retransmitted = seen.retransmits < leastRetransmits ? 0 : over('retransmitted', leastRetransmitted);
  const connect = connectRatio(seen, reckoned, usual);
  const p95 = tailRatio(seen, reckoned, usual);
  const own = ownRatio(seen, reckoned, usual);
  const proxy = over('proxy', leastMs);
  const isLossy = (retransmitted ?? 0) > 1;
  const isExplained = reckoned.stalledShare > stalledTail || (rtt ?? 0) > 1 || (proxy ?? 0) > 1;
  const tail = p95 === undefined ? undefined : isExplained ? 0 : p95;
  return known({
    ...failures(seen, laid),
    silent: silentRatio(seen, laid, answers),
    rtt,
    loss: lossRatio(seen, reckoned, retransmitted, { p95, connect }),
    own,
    tail,
    proxy,
    unread: unreadRatio(seen, usual, over('windowLimited', leastLimited), own, p95),
    accept:
      connect === undefined ? undefined : laid.tcpFine !== true || isLossy || (rtt ?? 0) > 1 ? 0 : connect,
  });
}

type Compare = (feature: Feature, least: number) => number | undefined;

function comparer({ reading }: Reckoned, usual: UsualBook): Compare {
  return (feature, least) => {
    const value = reading[feature];
    const before = usualOf(usual, feature);
    return value === undefined || before === undefined ? undefined : excessRatio(value, before, least);
  };
}

function usualOf(usual: UsualBook, feature: Feature) {
  const one = usual.of(feature);
  return one === undefined || one.windows < usual.least ? undefined : one;
}

/** The share that round trips added, against the share that they usually have. */
function rttRatio(seen: SeenWindow, { rttMs }: Reckoned, usual: UsualBook): number | undefined {
  const before = usualOf(usual, 'rtt');
  return rttMs === undefined || before === undefined
    ? undefined
    : excessRatio(rttMs, before, leastMs / Math.max(1, seen.trips));
}

/**
 * What the application added to a median request. Where the network is high, its share is an estimate: a tenth of
 * what it added is no fault of the application's.
 */
function ownRatio(
  { latency }: SeenWindow,
  { reading, networkOnTop, addedByRttMs, stallAtMedianMs, stalledShare }: Reckoned,
  usual: UsualBook,
): number | undefined {
  const before = usualOf(usual, 'applicationAtMedian');
  if (latency === undefined || before === undefined || reading.applicationAtMedian === undefined)
    return undefined;
  const p50 = usual.of('p50');
  // Taken behind the network now, but not known to be so before: only the latency as a whole can be compared.
  if (networkOnTop && latency.side === 'unknown' && p50 !== undefined)
    return excessRatio(latency.p50Ms - stallAtMedianMs, p50, leastMs);
  const guessed = 0.1 * (addedByRttMs + stallAtMedianMs);
  return excessRatio(
    reading.applicationAtMedian,
    before,
    leastMs,
    Math.max(guessed, bucketWidth * latency.p50Ms, stallAtMs * Math.min(1, stalledShare)),
  );
}

/** The 95th percentile, less what round trips added to all requests; of a hundred requests it varies by itself. */
function tailRatio(
  { latency }: SeenWindow,
  { networkOnTop, addedByRttMs, reading }: Reckoned,
  usual: UsualBook,
): number | undefined {
  const before = usualOf(usual, 'p95');
  if (latency === undefined || before === undefined || latency.count < leastForTail) return undefined;
  if (reading.total === undefined) return undefined;
  const added = networkOnTop ? 0 : addedByRttMs;
  return excessRatio(latency.p95Ms - added, before, leastMs, 0.25 * (added + before.median));
}

/** Retransmissions that requests feel; where no request was timed, retransmissions. */
function lossRatio(
  { latency }: SeenWindow,
  { stallMs, shares }: Reckoned,
  retransmitted: number | undefined,
  felt: { p95: number | undefined; connect: number | undefined },
): number | undefined {
  if (retransmitted === undefined || latency === undefined) return retransmitted;
  const stalls = stallMs / Math.max(leastMs, 0.1 * ((shares?.total ?? 0) - stallMs));
  return Math.min(retransmitted, Math.max(felt.p95 ?? 0, felt.connect ?? 0, stalls));
}

/** Time to connect, less what round trips added. */
function connectRatio(
  { connectMs, trips }: SeenWindow,
  { addedByRttMs }: Reckoned,
  usual: UsualBook,
): number | undefined {
  const before = usualOf(usual, 'connect');
  if (connectMs === undefined || before === undefined) return undefined;
  return excessRatio(connectMs - addedByRttMs / Math.max(1, trips), before, leastMs);
}

/** A bulk transfer may be held up by its receiver all the time: it is trouble where requests are slow, or nobody timed any. */
function unreadRatio(
  { latency, windowLimited }: SeenWindow,
  usual: UsualBook,
  limited: number | undefined,
  own: number | undefined,
  p95: number | undefined,
): number | undefined {
  if (windowLimited === undefined || limited === undefined) return limited;
  if (latency !== undefined) return Math.min(limited, Math.max(own ?? 0, p95 ?? 0));
  return windowLimited >= limitedAlone || usual.of('p50') !== undefined ? limited : 0;
}

/** Errors that the callee answers are the application's; silence on a path that is down is the network's. */
function failures({ requests, errors }: SeenWindow, { under }: Laid): Ratios {
  const isCut = under.state === 'down';
  const failed = errors.server + errors.transport;
  if (requests === 0) return isCut ? { cut: 2 } : {};
  const ratio = failed < leastErrors ? 0 : failed / requests / failingShare;
  // With the path down only something before it can have answered, such as a proxy with 502.
  return isCut ? { cut: failed === 0 ? 0 : Math.max(2, ratio), errors: 0 } : { cut: 0, errors: ratio };
}

/** Twice the threshold, so that it is told after two windows: whatever takes longer than that may be a long answer. */
function silentRatio({ answered }: SeenWindow, { under }: Laid, answers: boolean): number | undefined {
  if (answered === undefined) return undefined;
  return answered || !answers || under.state === 'down' ? 0 : 2;
}

/** What probes of a path took when a window was judged. */
export interface Probed {
  ms?: number;
  /** How much more than usual that is: then it is the path that was probed. */
  slower: number;
}

export function probedNow(laid: Laid, usual: UsualBook): Probed {
  return {
    ...(laid.newestMs === undefined ? {} : { ms: laid.newestMs }),
    slower: addedByProbes(laid, usual),
  };
}

/** Whether probes lose, too; `too few` where so few were sent since trouble began that losing none is chance. */
export type ProbeLosses = 'lossy' | 'clean' | 'too few';

/** Of so many packets that should be lost, all arrive once in 150 times. */
const leastExpected = 5;
/** Packets of probes are those of so long. */
const probedForMs = 60_000;

/** @param lossyForMs how long retransmissions have been high */
export function probeLosses(laid: Laid, retransmitted: number, lossyForMs: number): ProbeLosses {
  if (laid.lost >= 2 && laid.lost / laid.sent >= 0.02) return 'lossy';
  const expected = laid.sent * retransmitted * Math.min(1, lossyForMs / probedForMs);
  return expected < leastExpected ? 'too few' : 'clean';
}

function known(ratios: Record<string, number | undefined>): Ratios {
  return Object.fromEntries(Object.entries(ratios).filter(([, value]) => value !== undefined));
}
