import type { Hop, KeptTrace } from '@netring/contract/trace';
import type { DependencyFacts, Judge, Judged, WindowFacts } from '../facts.ts';
import { lay, type Laid, type MeasuredPaths } from '../overlay/index.ts';
import { slowHop } from '../../routes/index.ts';
import { addTrace, lossyHop, type HopReplies } from './fault-hop.ts';
import { createHeldBefore, packSince, type HeldBefore, type PackedSince } from './held-before.ts';
import { knowsProbes, reckon, withPlausibleTrips, type Reckoned } from './reckon.ts';
import { seeWindow, type SeenWindow } from './seen-window.ts';
import type { Case } from './sentences.ts';
import { networkSigns, probedNow, probeLosses, signsOf, type Probed, type Sign } from './signs.ts';
import { nextWindow, type SignMemory } from './steady.ts';
import { createUsualBook, type PackedUsual, type UsualBook } from './usual.ts';
import { verdictOf } from './verdict.ts';

/** A judge that remembers what is usual. */
export interface BlameJudge extends Judge {
  /** Member paths under dependencies whose network is blamed, or was slow in the last window: a new trace would name the hop. */
  troubled(): { source: string; target: string }[];
  /** What is usual, by dependency: a restart would take two minutes to learn it again; and since when trouble lasts. */
  pack(): Map<string, PackedMemory>;
  /** Takes over what an earlier life packed, for dependencies that nothing is known of yet. */
  unpack(id: string, packed: PackedMemory): void;
}

/** What a restart keeps of a dependency. */
export interface PackedMemory extends PackedUsual {
  since?: PackedSince;
}

/** Of more dependencies the one judged longest ago is forgotten: 4 kB each. */
const mostDependencies = 20_000;
/** What was seen longer ago says nothing of now. */
const freshMs = 60_000;

interface JudgedWindow {
  seen: SeenWindow;
  reckoned: Reckoned;
  probed: Probed;
}

interface Memory {
  usual: UsualBook;
  /** With the last bad window of each: a sign that holds still is told with the numbers that made it. */
  signs: Map<Sign, SignMemory & { atMs: number; bad?: JudgedWindow }>;
  heldBefore: HeldBefore;
  judgedUntilMs: number;
  /** Whether anything ever came back from the callee. */
  answers: boolean;
  last: JudgedWindow | undefined;
  /** Windows in a row of which no probe knows anything: its prober was starved, or nothing came back. */
  voids: number;
  /** The newest windows: when, how many requests, and whether they were timed. */
  recent: { startMs: number; requests: number; timed: boolean }[];
  /** Steps of the last trace from undisturbed times; `candidate` may have been taken as trouble began. */
  usualSteps: readonly Hop[] | undefined;
  candidate: KeptTrace | undefined;
  replies: HopReplies[];
  trace: string | undefined;
  pair: Laid['pair'];
}

/**
 * @param paths what is measured under dependencies
 * @param leastWindows so many undisturbed windows of 10 s make something usual
 */
export function createBlameJudge(paths: MeasuredPaths, leastWindows?: number): BlameJudge {
  const memories = new Map<string, Memory>();

  return {
    judge,
    forget(ids) {
      for (const id of ids) memories.delete(id);
    },
    troubled: () =>
      [...memories.values()].flatMap(({ pair, signs }) =>
        pair !== undefined && networkSigns.some((sign) => isTroubled(signs.get(sign))) ? [pair] : [],
      ),
    pack: () => new Map([...memories].map(([id, memory]) => [id, packed(memory)])),
    unpack(id, { since, ...usual }) {
      if (!memories.has(id)) remember(id, newMemory(createUsualBook(usual, leastWindows), since));
    },
  };

  function judge(facts: DependencyFacts, nowMs: number): Judged {
    const laid = lay(facts, paths, nowMs);
    const memory = memories.get(facts.id) ?? newMemory(createUsualBook({}, leastWindows));
    remember(facts.id, memory);
    memory.pair = laid.pair;
    for (const window of facts.windows) {
      if (window.closed && window.startMs > memory.judgedUntilMs) take(memory, window, facts.protocol, laid);
    }
    const trace = laid.pair && paths.tracesOf(laid.pair.source, laid.pair.target).latest;
    noteTrace(memory, trace);
    return { path: laid.under, blame: blame(memory, facts, laid, trace, nowMs) };
  }

  /** Kept in the order of use. */
  function remember(id: string, memory: Memory): void {
    memories.delete(id);
    memories.set(id, memory);
    if (memories.size > mostDependencies) memories.delete(memories.keys().next().value as string);
  }
}

/** With the first bad window already: a trace takes its time, and a verdict is to name the hop. */
function isTroubled(sign: SignMemory | undefined): boolean {
  return sign !== undefined && (sign.sinceMs !== undefined || (sign.ratios.at(-1) ?? 0) > 1);
}

function packed({ usual, signs, judgedUntilMs }: Memory): PackedMemory {
  const since = packSince(signs, judgedUntilMs, freshMs);
  return { ...usual.pack(), ...(Object.keys(since).length > 0 && { since }) };
}

function newMemory(usual: UsualBook, since?: PackedSince): Memory {
  return {
    usual,
    signs: new Map(),
    heldBefore: createHeldBefore(since),
    judgedUntilMs: -Infinity,
    answers: false,
    last: undefined,
    voids: 0,
    recent: [],
    usualSteps: undefined,
    candidate: undefined,
    replies: [],
    trace: undefined,
    pair: undefined,
  };
}

/** Takes a closed window: holds it against what is usual, and makes it a part of that when nothing was wrong. */
function take(memory: Memory, window: WindowFacts, protocol: string, laid: Laid): void {
  const { usual, signs } = memory;
  const seen = withPlausibleTrips(seeWindow(window, protocol), usual);
  const reckoned = reckon(seen, laid, usual);
  const isVoid = notProbedSince(window.startMs, laid);
  memory.answers ||= seen.answered === true || usual.of('p50') !== undefined;
  const all = Object.entries(signsOf(seen, reckoned, laid, usual, memory.answers)) as [Sign, number][];
  const hasProbes = !isVoid && knowsProbes(laid, usual);
  const ratios = hasProbes ? all : all.filter(([sign]) => !needProbes.includes(sign));
  memory.voids = isVoid ? memory.voids + 1 : 0;
  memory.judgedUntilMs = window.startMs;
  const judged = { seen, reckoned, probed: probedNow(laid, usual) };
  if (!isVoid || memory.last === undefined) memory.last = judged;
  memory.recent.push({ startMs: window.startMs, requests: seen.requests, timed: seen.latency !== undefined });
  if (memory.recent.length > freshMs / 10_000) memory.recent.shift();
  for (const [sign, ratio] of ratios) {
    const before = signs.get(sign);
    const isFresh = before !== undefined && window.startMs - before.atMs < freshMs;
    const after = nextWindow(isFresh ? before : { ratios: [] }, ratio, window.startMs, window.durationMs);
    const next = memory.heldBefore.goOn(sign, after);
    const bad = ratio > 1 ? judged : before?.bad;
    signs.set(sign, { ...next, atMs: window.startMs, ...(bad && { bad }) });
  }
  const isDisturbed =
    isVoid ||
    ratios.some(([, ratio]) => ratio > 1) ||
    holdingAt(memory, window.startMs).size > 0 ||
    laid.under.state === 'down' ||
    laid.under.state === 'degraded';
  if (isDisturbed) return;
  usual.add(reckoned.reading);
  const { candidate } = memory;
  if (candidate === undefined || candidate.at_ms > window.startMs) return;
  memory.usualSteps = candidate.hops;
  memory.candidate = undefined;
}

/** What cannot be told from its opposite without a round trip of the same time: slow answers may be a slow network. */
const needProbes: readonly Sign[] = ['rtt', 'own', 'tail', 'accept'];

function notProbedSince(startMs: number, { under, newestAtMs }: Laid): boolean {
  return under.kind === 'member' && (newestAtMs === undefined || newestAtMs < startMs);
}

function holdingAt({ signs }: Memory, nowMs: number): Map<Sign, number> {
  return new Map(
    [...signs].flatMap(([sign, { sinceMs, atMs }]): [Sign, number][] =>
      sinceMs !== undefined && nowMs - atMs < freshMs + 20_000 ? [[sign, sinceMs]] : [],
    ),
  );
}

/** Remembers the route of good times, and counts replies in bad ones. */
function noteTrace(memory: Memory, trace: KeptTrace | undefined): void {
  if (trace === undefined || trace.id === memory.trace) return;
  memory.trace = trace.id;
  const isBad = networkSigns.some((sign) => (memory.signs.get(sign)?.ratios.at(-1) ?? 0) > 1);
  memory.replies = isBad ? addTrace(memory.replies, trace) : [];
  memory.candidate = !isBad && trace.reached ? trace : undefined;
}

function blame(
  memory: Memory,
  facts: DependencyFacts,
  laid: Laid,
  trace: KeptTrace | undefined,
  nowMs: number,
): Judged['blame'] {
  const recent = memory.recent.filter(({ startMs }) => nowMs - startMs < freshMs + 20_000);
  if (memory.last === undefined || recent.length === 0) {
    const seen =
      facts.windows.length > 0 ? 'its first window of 10 s is not over yet' : 'no traffic within a minute';
    return { verdict: 'unknown', reasons: [seen] };
  }
  const holding = holdingAt(memory, nowMs);
  // On a path that is down nothing more is heard of what was slow before.
  if (holding.has('cut')) for (const sign of needProbes) holding.delete(sign);
  const lossy = memory.signs.get('loss')?.bad;
  const about: Case = {
    caller: facts.source.name,
    callee: facts.target.name,
    ...memory.last,
    usual: memory.usual,
    laid,
    losses: probeLosses(laid, lossy?.seen.retransmitted ?? 0, nowMs - (holding.get('loss') ?? nowMs)),
    slowHop: hopOf(memory, trace, holding.get('rtt')),
    lossyHop: lossyHop(memory.replies),
  };
  const requests = recent.reduce((sum, one) => sum + one.requests, 0);
  const aboutSign = (sign: Sign): Case => ({ ...about, ...memory.signs.get(sign)?.bad });
  return verdictOf({
    holding,
    about,
    aboutSign,
    timed: recent.some(({ timed }) => timed),
    requests,
    voids: memory.voids,
  });
}

/**
 * Of a trace from before the trouble the route says nothing. Trouble may have begun within the window before the first
 * bad one: a trace from then that shows the slow hop is taken.
 */
function hopOf(
  { signs, usual, usualSteps }: Memory,
  trace: KeptTrace | undefined,
  sinceMs: number | undefined,
): Case['slowHop'] {
  const before = usual.of('rtt')?.median;
  // Not of the newest window: that may be good again, and every hop would explain what it adds.
  const now = signs.get('rtt')?.bad?.reckoned.rttMs;
  if (sinceMs === undefined || before === undefined || now === undefined) return undefined;
  if (trace === undefined || !trace.reached || trace.at_ms < sinceMs - 10_000) return 'stale';
  const hop = slowHop(trace.hops, usualSteps, now - before);
  return hop === undefined && trace.at_ms < sinceMs ? 'stale' : hop;
}
