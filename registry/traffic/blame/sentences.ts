import type { Laid } from '../overlay/index.ts';
import type { SlowHop } from '../../routes/index.ts';
import type { HopReplies } from './fault-hop.ts';
import { leastReplies } from './fault-hop.ts';
import type { Reckoned } from './reckon.ts';
import type { SeenWindow } from './seen-window.ts';
import type { Probed, ProbeLosses, Sign } from './signs.ts';
import type { Feature, UsualBook } from './usual.ts';

/** What a sentence may speak of: the newest window that was judged, what is usual, and the path. */
export interface Case {
  caller: string;
  callee: string;
  seen: SeenWindow;
  reckoned: Reckoned;
  usual: UsualBook;
  laid: Laid;
  /** Probes of the same path, as they were in that window. */
  probed: Probed;
  /** Whether they lose. */
  losses: ProbeLosses;
  /** The hop that explains the added time; `stale`: there is no trace since trouble began. */
  slowHop: SlowHop | 'stale' | undefined;
  lossyHop: HopReplies | undefined;
}

/** The sentence of a sign that holds, with its numbers. */
export function sentenceOf(sign: Sign, about: Case): string {
  return sentences[sign](about);
}

const sentences: Record<Sign, (about: Case) => string> = {
  cut: ({ seen, laid }) =>
    `network: the path is down (${laid.under.reasons[0] ?? 'nothing answers'}), and ` +
    (seen.requests === 0
      ? 'no request was answered'
      : `${failed(seen)} of ${counted(seen.requests, 'request')} failed`),
  rtt: (about) => `network, ${whereSlow(about)}`,
  loss: (about) => `network (loss)${whereLossy(about)}`,
  own: ({ callee, seen, reckoned, usual }) =>
    `application: ${callee} takes ${ms(reckoned.reading.applicationAtMedian)} of its own for a median request, usually ` +
    `${usually(usual, 'applicationAtMedian')}; round trips take ${ms(reckoned.rttMs)}, usually ${usually(usual, 'rtt')}` +
    (seen.retransmits > 0 ? `, ${share(seen.retransmitted)} of the bytes were sent again` : ''),
  tail: ({ callee, seen, usual }) =>
    `application: one request in twenty to ${callee} takes ${ms(seen.latency?.p95Ms)} or longer, usually ` +
    `${usually(usual, 'p95')}, with a median of ${ms(seen.latency?.p50Ms)} and ${share(seen.retransmitted)} sent again`,
  unread: ({ caller, callee, seen, usual }) =>
    `application: receiver not reading: a full receive window of ${seen.limitedBy === 'caller' ? caller : callee} stopped its ` +
    `peer for ${share(seen.windowLimited)} of the time it was sending, usually ${usualShare(usual, 'windowLimited')}`,
  silent: ({ callee, seen }) =>
    `application: ${callee} answers nothing: ${counted(seen.sentBytes, 'byte')} were sent to it within ${seen.durationMs / 1000} s` +
    `${seen.connections === undefined ? '' : ` on ${counted(seen.connections, 'connection')}`}, and none came back`,
  proxy: ({ seen, usual }) =>
    `application: proxy: the proxy itself takes ${ms(seen.proxyMs)}, usually ${usually(usual, 'proxy')}`,
  accept: ({ callee, seen, usual, probed }) =>
    `application: callee's accept queue or host: connecting to ${callee} takes ${ms(seen.connectMs)}, usually ` +
    `${usually(usual, 'connect')}, while TCP probes of the same path are fine${timed(probed.ms)}`,
  errors: ({ callee, seen, laid }) =>
    `application: ${failed(seen)} of ${counted(seen.requests, 'request')} to ${callee} failed (${seen.errors.server} answered 5xx, ` +
    `${seen.errors.transport} not answered) while the path is ${laid.under.kind === 'local' ? 'within one machine' : stateWord(laid)}`,
};

function whereSlow({ seen, reckoned, usual, probed, slowHop }: Case): string {
  const what =
    `${counted(rounded(seen.trips), 'round trip')} of ${ms(reckoned.rttMs)} for a request, ` +
    `usually ${usually(usual, 'rtt')}`;
  const added = (reckoned.rttMs ?? 0) - (usual.of('rtt')?.median ?? 0);
  // Probes that take as long are on the same path, however much they usually vary.
  const isFaster = (probed.ms ?? 0) < (reckoned.rttMs ?? 0) - added / 2;
  if (reckoned.rttBy !== 'probes' && probed.slower === 0 && isFaster) {
    return (
      `not on the probed path: ${what}, while probes are as usual${timed(probed.ms)}: ` +
      'a host, an overlay, or another equal-cost path'
    );
  }
  const took = `probes take ${ms(probed.ms)}, usually ${usually(usual, 'probe')}`;
  if (slowHop === 'stale')
    return `at a hop that is not known, as nobody has traced the path since: ${what}; ${took}`;
  if (slowHop === undefined)
    return `at no single hop: ${what}; ${took}; no step of the route explains half of it`;
  return `at hop ${slowHop.ttl} (${slowHop.ip}), which adds ${ms(slowHop.addedMs)} more than usual: ${what}; ${took}`;
}

function whereLossy({ seen, usual, laid, losses, lossyHop }: Case): string {
  const { latency } = seen;
  const felt =
    latency === undefined
      ? ''
      : `; 95 % of requests take up to ${ms(latency.p95Ms)}, usually ${usually(usual, 'p95')}, ` +
        `the median ${ms(latency.p50Ms)}, usually ${usually(usual, 'p50')}`;
  const what = `${share(seen.retransmitted)} of the bytes were sent again, usually ${usualShare(usual, 'retransmitted')}${felt}`;
  const probed = `probes lost ${laid.lost} of ${laid.sent} packets within a minute`;
  if (losses === 'too few')
    return `: ${what}; ${probed}, too few since it began to tell whether it is their path`;
  if (losses === 'clean')
    return `, not on the probed path: ${what}; ${probed}: a host, an overlay, or another equal-cost path`;
  if (lossyHop === undefined)
    return `: ${what}; ${probed}; which hop loses is not known, as that takes ${leastReplies} replies of each`;
  const { ttl, ip, sent, received } = lossyHop;
  return `, at hop ${ttl} (${ip}): ${what}; ${probed}; from this hop on replies are lost, ${sent - received} of ${sent} there`;
}

/** What is said first where both sides are high: the shares. */
export function bothSentence({ reckoned, usual }: Case): string {
  const { shares } = reckoned;
  if (shares === undefined) return 'both: network and application are above what is usual';
  const proxy = shares.proxy === 0 ? '' : `, proxy ${ms(shares.proxy)} (usually ${usually(usual, 'proxy')})`;
  return (
    `both: of ${ms(shares.total)} a request, network ${ms(shares.network)} (usually ${usually(usual, 'network')}), ` +
    `application ${ms(shares.application)} (usually ${usually(usual, 'application')})${proxy}`
  );
}

/** Nothing is high. */
export function noneSentence({ reckoned, usual }: Case): string {
  const { shares } = reckoned;
  if (shares === undefined) return 'nothing is above what is usual';
  return (
    `as usual: ${ms(shares.total)} a request (usually ${usually(usual, 'total')}), ` +
    `network ${ms(shares.network)}, application ${ms(shares.application)}, proxy ${ms(shares.proxy)}`
  );
}

function timed(value: number | undefined): string {
  return value === undefined ? '' : ` (${ms(value)})`;
}

function stateWord({ under }: Laid): string {
  return under.state === 'unknown' ? 'not measured' : under.state;
}

function failed({ errors }: SeenWindow): number {
  return errors.server + errors.transport;
}

function usually(usual: UsualBook, feature: Feature): string {
  return ms(usual.of(feature)?.median);
}

function usualShare(usual: UsualBook, feature: Feature): string {
  return share(usual.of(feature)?.median);
}

function share(value: number | undefined): string {
  return value === undefined ? 'an unknown part' : `${Math.round(1000 * value) / 10} %`;
}

/** Milliseconds as people say them: `0.43 ms`, `2.1 ms`, `52 ms`. */
export function ms(value: number | undefined): string {
  return value === undefined ? 'unknown' : `${rounded(value)} ms`;
}

function rounded(value: number): number {
  if (value >= 10) return Math.round(value);
  return value < 1 ? Math.round(100 * value) / 100 : Math.round(10 * value) / 10;
}

export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
