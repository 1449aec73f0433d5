import type { BlameView, PathUnder, Shares } from '@netring/contract/graph';
import type { Judged } from '../facts.ts';

/** What was said of dependencies in a stretch of time, by `shortId`. */
export type JudgedThen = ReadonlyMap<string, Judged>;

/** Two of 20,000 dependencies share this much of their ids once in a hundred thousand such graphs. */
const idLength = 16;

export function shortId(dependencyId: string): string {
  return dependencyId.slice(0, idLength);
}

type PackedShares = [network: number, application: number, proxy: number] | 0;
type PackedBlame = [
  id: string,
  path: number,
  pathHeldMs: number,
  verdict: number,
  heldMs: number,
  sinceMs: number,
  shares: PackedShares,
  usual: PackedShares,
  /** Places in `texts`. */
  ...reasons: number[],
];

/** Paths and sentences once each: many dependencies lie over the same path. */
export interface PackedJudged {
  paths: PathUnder[];
  texts: string[];
  all: PackedBlame[];
}

const verdicts = ['none', 'unknown', 'network', 'application', 'both'] as const;
/** Its sentence has only numbers that stand beside it. */
const noneReason = 'nothing was high';
/** Of a verdict's sentences the first say most. */
const mostReasons = 4;

export function packJudged(judged: JudgedThen): PackedJudged {
  const paths = indexed<PathUnder>((one) => JSON.stringify(one));
  const texts = indexed<string>((one) => one);
  const all = [...judged].map(([id, { path, blame }]): PackedBlame => {
    const { held_ms: pathHeldMs = 0, ...under } = path;
    const reasons = blame.verdict === 'none' ? [] : blame.reasons.slice(0, mostReasons);
    return [
      id,
      paths.at(under),
      pathHeldMs,
      verdicts.indexOf(blame.verdict),
      blame.held_ms ?? 0,
      blame.since_ms === undefined ? 0 : Math.round(blame.since_ms),
      packShares(blame.shares),
      packShares(blame.usual),
      ...reasons.map(texts.at),
    ];
  });
  return { paths: paths.all, texts: texts.all, all };
}

export function unpackJudged({ paths, texts, all }: PackedJudged): Map<string, Judged> {
  return new Map(
    all.map(([id, at, pathHeldMs, verdict, heldMs, sinceMs, shares, usual, ...reasons]): [string, Judged] => {
      const [shown, before] = [unpackShares(shares), unpackShares(usual)];
      const said = reasons.map((one) => texts[one] ?? '');
      const blame: BlameView = {
        verdict: verdicts[verdict] ?? 'unknown',
        ...(sinceMs !== 0 && { since_ms: sinceMs }),
        reasons: said.length === 0 && verdicts[verdict] === 'none' ? [noneReason] : said,
        ...(shown && { shares: shown }),
        ...(before && { usual: before }),
        ...(heldMs > 0 && { held_ms: heldMs }),
      };
      const path = { ...(paths[at] as PathUnder), ...(pathHeldMs > 0 && { held_ms: pathHeldMs }) };
      return [id, { path, blame }];
    }),
  );
}

function indexed<T>(keyOf: (value: T) => string): { all: T[]; at: (value: T) => number } {
  const all: T[] = [];
  const known = new Map<string, number>();
  return {
    all,
    at(value) {
      const key = keyOf(value);
      const before = known.get(key);
      if (before !== undefined) return before;
      known.set(key, all.length);
      return all.push(value) - 1;
    },
  };
}

function packShares(shares: Shares | undefined): PackedShares {
  return shares === undefined ? 0 : [shares.network_ms, shares.application_ms, shares.proxy_ms];
}

/** The parts sum to the total, as everywhere. */
function unpackShares(packed: PackedShares): Shares | undefined {
  if (packed === 0) return undefined;
  const [network_ms, application_ms, proxy_ms] = packed;
  const total_ms = Math.round(100 * (network_ms + application_ms + proxy_ms)) / 100;
  return { total_ms, network_ms, application_ms, proxy_ms };
}

const worseVerdict: Record<BlameView['verdict'], number> = {
  unknown: 0,
  none: 1,
  network: 2,
  application: 2,
  both: 3,
};
const worsePath: Record<PathUnder['state'], number> = { unknown: 0, ok: 1, degraded: 2, down: 3 };

/** What is told of several stretches of time together: the worst of each, and for how long that was so. */
export function worstOf(
  stretches: readonly { durationMs: number; judged: Judged | undefined }[],
): Judged | undefined {
  const known = stretches.flatMap(({ durationMs, judged }) =>
    judged === undefined ? [] : [{ durationMs, ...judged }],
  );
  const [first, ...others] = known;
  if (first === undefined) return undefined;
  let { path, blame } = first;
  for (const one of others) {
    if (worsePath[one.path.state] >= worsePath[path.state]) ({ path } = one);
    if (worseVerdict[one.blame.verdict] >= worseVerdict[blame.verdict]) ({ blame } = one);
  }
  const held = (isIt: (one: Judged) => boolean, of: (one: Judged) => number | undefined): number =>
    known.reduce((sum, one) => (isIt(one) ? sum + (of(one) ?? one.durationMs) : sum), 0);
  return {
    path: {
      ...path,
      held_ms: held(
        (one) => one.path.state === path.state,
        (one) => one.path.held_ms,
      ),
    },
    blame: {
      ...blame,
      held_ms: held(
        (one) => one.blame.verdict === blame.verdict,
        (one) => one.blame.held_ms,
      ),
    },
  };
}
