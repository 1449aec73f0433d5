import type { BlameView, Shares } from '@netring/contract/graph';
import { bothSentence, counted, noneSentence, sentenceOf, type Case } from './sentences.ts';
import { leastRequests } from './seen-window.ts';
import { applicationSigns, networkSigns, type Sign } from './signs.ts';
import type { Feature, UsualBook } from './usual.ts';

/** What is known when the verdict is due. */
export interface Judgement {
  /** Signs that hold, and since when. */
  holding: ReadonlyMap<Sign, number>;
  about: Case;
  /** With the last window that was bad by this sign, which may be over. */
  aboutSign: (sign: Sign) => Case;
  /** Whether any request was timed in the last minute, and how many there were. */
  timed: boolean;
  requests: number;
  /** Newest windows in a row of which no probe knows anything. */
  voids: number;
}

/** The verdict is the set of sides that are high, or `unknown` with what is missing. */
export function verdictOf({ holding, about, aboutSign, timed, requests, voids }: Judgement): BlameView {
  const network = networkSigns.filter((sign) => holding.has(sign));
  const application = applicationSigns.filter((sign) => holding.has(sign));
  const shown = sharesOf(about);
  const path = missingPath(about);
  const rest = [...missingElse(about, timed, requests), ...missingProbes(voids)];
  const said = [...network, ...application].map(
    (sign) => sentenceOf(sign, aboutSign(sign)) + since(aboutSign(sign), about),
  );
  // An answer with 5xx has come from behind the network, whatever that is like.
  const isAnswered = holding.has('errors') && about.seen.errors.server > about.seen.errors.transport;
  if (path !== undefined && !isAnswered) {
    return { verdict: 'unknown', reasons: [path, ...rest, ...said.map(whatIsSaid)], ...shown };
  }
  const isNetwork = network.length > 0;
  const isApplication = application.length > 0;
  if (!isNetwork && !isApplication) {
    if (rest.length > 0) return { verdict: 'unknown', reasons: rest, ...shown };
    return { verdict: 'none', reasons: [noneSentence(about)], ...shown };
  }
  const verdict = isNetwork && isApplication ? 'both' : isNetwork ? 'network' : 'application';
  return {
    verdict,
    since_ms: Math.min(...[...network, ...application].map((sign) => holding.get(sign) as number)),
    reasons: [...(verdict === 'both' ? [bothSentence(about)] : []), ...said, ...rest],
    ...shown,
  };
}

/** Two good windows end trouble: until then it is said that it may be over. */
function since(bad: Case, { seen }: Case): string {
  const overMs = seen.startMs - bad.seen.startMs;
  return overMs > 0 ? `; no longer so in the last ${Math.round(overMs / 1000)} s` : '';
}

function whatIsSaid(sentence: string): string {
  return `what was seen of it: ${sentence}`;
}

function missingPath({ laid }: Case): string | undefined {
  const { kind, state, reasons } = laid.under;
  if (kind === 'local' || state !== 'unknown') return undefined;
  return `the path is not measured: ${reasons[0] ?? 'no results'}`;
}

function missingElse({ usual, reckoned, seen, laid }: Case, timed: boolean, requests: number): string[] {
  const missing: string[] = [];
  if (!timed && requests === 0) missing.push('no request latency is known: only connections were seen');
  else if (!timed)
    missing.push(
      `too little traffic: ${counted(requests, 'request')} within a minute, and no window of 10 s with ${leastRequests} that were timed`,
    );
  const needed: Feature[] = timed ? ['rtt', 'applicationAtMedian'] : ['rtt'];
  if (laid.newestMs !== undefined) needed.push('probe');
  const fewest = Math.min(...needed.map((feature) => usual.of(feature)?.windows ?? 0));
  if (fewest < usual.least) {
    const why =
      reckoned.rttMs === undefined && seen.latency !== undefined ? ', as round trips are not known' : '';
    missing.push(
      `what is usual is not known yet: ${fewest} of ${usual.least} undisturbed windows of 10 s${why}`,
    );
  }
  return missing;
}

/** One such window is chance. */
function missingProbes(voids: number): string[] {
  if (voids < 2) return [];
  return [
    `nothing is known of the path for ${counted(voids, 'window')} of 10 s: no probe came back, or none that is fit`,
  ];
}

function sharesOf({ reckoned, usual }: Case): Pick<BlameView, 'shares' | 'usual'> {
  const { shares } = reckoned;
  if (shares === undefined) return {};
  const before = usualShares(usual);
  return {
    shares: summed(shares.network, shares.application, shares.proxy),
    ...(before === undefined ? {} : { usual: before }),
  };
}

function usualShares(usual: UsualBook): Shares | undefined {
  const [network, application] = [usual.of('network'), usual.of('application')];
  if (network === undefined || application === undefined || network.windows < usual.least) return undefined;
  return summed(network.median, application.median, usual.of('proxy')?.median ?? 0);
}

/** Rounded, and the total with them, so that the parts sum to it. */
function summed(network: number, application: number, proxy: number): Shares {
  const [network_ms, application_ms, proxy_ms] = [network, application, proxy].map(
    (value) => Math.round(100 * value) / 100,
  ) as [number, number, number];
  const total = Math.round(100 * (network_ms + application_ms + proxy_ms)) / 100;
  return { total_ms: total, network_ms, application_ms, proxy_ms };
}
