import type { UdpResult } from '@netring/contract/result';
import type { FlowCounts } from './udp-ledger.ts';

/** What the flows say as a whole. */
export type FlowVerdict = NonNullable<UdpResult['flows']>;

/**
 * How sure it must be that a flow is not lossy by chance. A path is judged every five seconds over three windows, which
 * overlap; at one in ten thousand a path with even loss is called uneven less than once in a hundred quarters of an hour.
 */
const falseDiscoveryRate = 1e-4;
/** A flow that has lost fewer is not called lossy, whatever the statistics. */
const fewestLost = 3;
/** What is called lossy must lose so many times as much as the rest: people act on it. */
const leastContrast = 2;
/** A share of the losses from which on they are said to be on one way. */
const oneWayShare = 0.8;
/** Below this chance, what a shorter window shows is taken for a change rather than for luck. */
const changedChance = 0.01;

/**
 * The flows that lose more than chance explains: Fisher's exact test (one-sided, hypergeometric) of each flow against all
 * others together, the false discovery rate controlled after Benjamini and Hochberg (1995). Flows found lossy are then
 * left out of what the others are held against, and the test is repeated until no more are found: half the flows lossy
 * would otherwise hide each other. Where most are lossy the few that lose less stand out instead, by the same test from
 * the other side. Confidence is 1 less the largest adjusted p of those found.
 */
export function lossyFlows(flows: readonly FlowCounts[]): { at: number[]; confidence: number } {
  const used = flows.map((_, at) => at).filter((at) => (flows[at] as FlowCounts).sent > 0);
  const found = new Set<number>();
  let largestP = 0;
  for (;;) {
    const rest = used.filter((at) => !found.has(at));
    const { at: more, p } = discovered(flows, rest, moreThanChance, isLossy);
    if (more.length === 0) break;
    for (const at of more) found.add(at);
    largestP = Math.max(largestP, p);
  }
  if (found.size > 0) return { at: [...found].sort((a, b) => a - b), confidence: 1 - largestP };
  const { at: clean, p } = discovered(flows, used, lessThanChance, isClean);
  if (clean.length === 0) return { at: [], confidence: 0 };
  return { at: used.filter((at) => !clean.includes(at)), confidence: 1 - p };
}

type Test = (flow: FlowCounts, total: FlowCounts) => number;

/** Of `among`, the flows whose chance is small enough after Benjamini and Hochberg, and their largest adjusted p. */
function discovered(
  flows: readonly FlowCounts[],
  among: readonly number[],
  chanceOf: Test,
  isWorthTelling: (flow: FlowCounts, total: FlowCounts) => boolean,
): { at: number[]; p: number } {
  const total = sumOf(among.map((at) => flows[at] as FlowCounts));
  if (total.lost < fewestLost) return { at: [], p: 0 };
  const tested = among
    .map((at) => ({ at, p: chanceOf(flows[at] as FlowCounts, total) }))
    .sort((a, b) => a.p - b.p);
  const last = tested.findLastIndex(({ p }, rank) => p <= (falseDiscoveryRate * (rank + 1)) / tested.length);
  const at = tested.slice(0, last + 1).map((one) => one.at);
  const adjusted = Math.min(1, ((tested[last]?.p ?? 0) * tested.length) / (last + 1));
  return { at: at.filter((one) => isWorthTelling(flows[one] as FlowCounts, total)), p: adjusted };
}

function isLossy(flow: FlowCounts, total: FlowCounts): boolean {
  return flow.lost >= fewestLost && flow.lost / flow.sent >= leastContrast * othersLoss(flow, total);
}

function isClean(flow: FlowCounts, total: FlowCounts): boolean {
  return othersLoss(flow, total) >= leastContrast * (flow.lost / flow.sent);
}

function othersLoss(flow: FlowCounts, total: FlowCounts): number {
  return (total.lost - flow.lost) / Math.max(1, total.sent - flow.sent);
}

/** The chance that a flow loses so many or more of all losses, were they dealt out blindly among all packets; 1 where it loses no more than its share. */
function moreThanChance(flow: FlowCounts, total: FlowCounts): number {
  if (flow.lost * total.sent <= total.lost * flow.sent) return 1;
  let one = exactChance(flow.lost, flow, total);
  let chance = one;
  for (let lost = flow.lost; lost < Math.min(flow.sent, total.lost) && one > chance * 1e-9; lost++) {
    const others = total.sent - flow.sent - total.lost + lost + 1;
    one *= ((flow.sent - lost) * (total.lost - lost)) / ((lost + 1) * others);
    chance += one;
  }
  return Math.min(1, chance);
}

/** The same for so few or fewer. */
function lessThanChance(flow: FlowCounts, total: FlowCounts): number {
  if (flow.lost * total.sent >= total.lost * flow.sent) return 1;
  let one = exactChance(flow.lost, flow, total);
  let chance = one;
  for (let lost = flow.lost; lost > 0 && one > chance * 1e-9; lost--) {
    const others = total.sent - flow.sent - total.lost + lost;
    one *= (lost * others) / ((flow.sent - lost + 1) * (total.lost - lost + 1));
    chance += one;
  }
  return Math.min(1, chance);
}

/** Hypergeometric: the chance that exactly so many of all losses fall on this flow. */
function exactChance(lost: number, flow: FlowCounts, total: FlowCounts): number {
  return Math.exp(
    logChoose(flow.sent, lost) +
      logChoose(total.sent - flow.sent, total.lost - lost) -
      logChoose(total.sent, total.lost),
  );
}

/** What is said of windows that all end now, the shortest first. */
export function flowVerdict(
  windows: readonly { overMs: number; flows: readonly FlowCounts[] }[],
): FlowVerdict | undefined {
  const longest = windows.at(-1);
  if (longest === undefined) return undefined;
  const count = longest.flows.filter(({ sent }) => sent > 0).length;
  if (count === 0) return undefined;
  for (const [at, { overMs, flows }] of windows.entries()) {
    const lossy = lossyFlows(flows);
    if (lossy.at.length === 0) continue;
    const lossyTotal = sumOf(lossy.at.map((one) => flows[one] as FlowCounts));
    const ratio = lossyTotal.lost / lossyTotal.sent;
    // What a shorter window contradicts is over.
    const isOver = windows.slice(0, at).some(({ flows: lately }) => {
      const now = sumOf(lossy.at.map((one) => lately[one] as FlowCounts));
      return chanceOfAtMost(now.lost, now.sent, ratio) < changedChance;
    });
    if (isOver) continue;
    return {
      count,
      lossy: lossy.at.length,
      confidence: lossy.confidence,
      loss_ratio: ratio,
      ...way(lossyTotal),
      over_ms: overMs,
    };
  }
  return { count, lossy: 0, over_ms: longest.overMs };
}

/** The way on which packets are lost, once a third of them can be told apart. */
function way({ lost, forwardLost, returnLost }: FlowCounts): Pick<FlowVerdict, 'direction'> {
  const told = forwardLost + returnLost;
  if (told < Math.max(1, lost / 3)) return {};
  if (forwardLost >= oneWayShare * told) return { direction: 'forward' };
  return { direction: returnLost >= oneWayShare * told ? 'return' : 'both' };
}

/** Binomial: the chance of so few losses or fewer among `sent` at this ratio. */
function chanceOfAtMost(lost: number, sent: number, ratio: number): number {
  if (ratio >= 1) return lost >= sent ? 1 : 0;
  let chance = 0;
  for (let k = 0; k <= Math.min(lost, sent); k++) {
    chance += Math.exp(logChoose(sent, k) + k * Math.log(ratio) + (sent - k) * Math.log1p(-ratio));
  }
  return Math.min(1, chance);
}

export function sumOf(flows: readonly FlowCounts[]): FlowCounts {
  const sum = { sent: 0, lost: 0, forwardLost: 0, returnLost: 0 };
  for (const flow of flows) {
    sum.sent += flow.sent;
    sum.lost += flow.lost;
    sum.forwardLost += flow.forwardLost;
    sum.returnLost += flow.returnLost;
  }
  return sum;
}

function logChoose(n: number, k: number): number {
  return k < 0 || k > n ? -Infinity : logFactorial(n) - logFactorial(k) - logFactorial(n - k);
}

/** Stirling's series, within 1e-9 from 20 on; exact below. */
function logFactorial(n: number): number {
  if (n < 20) {
    let product = 1;
    for (let i = 2; i <= n; i++) product *= i;
    return Math.log(product);
  }
  return n * Math.log(n) - n + Math.log(2 * Math.PI * n) / 2 + 1 / (12 * n) - 1 / (360 * n ** 3);
}
