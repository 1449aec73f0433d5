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
 * would otherwise hide each other. Confidence is 1 less the largest adjusted p of those found.
 */
export function lossyFlows(flows: readonly FlowCounts[]): { at: number[]; confidence: number } {
  const found = new Set<number>();
  let largestP = 0;
  for (;;) {
    const rest = flows.map((_, at) => at).filter((at) => !found.has(at) && (flows[at]?.sent ?? 0) > 0);
    const total = sumOf(rest.map((at) => flows[at] as FlowCounts));
    if (total.lost < fewestLost) break;
    const tested = rest
      .map((at) => ({ at, p: chanceOf(flows[at] as FlowCounts, total) }))
      .sort((a, b) => a.p - b.p);
    const passed = tested.findLastIndex(
      ({ p }, rank) => p <= (falseDiscoveryRate * (rank + 1)) / tested.length,
    );
    const more = tested
      .slice(0, passed + 1)
      .filter(({ at }) => isWorthTelling(flows[at] as FlowCounts, total));
    if (more.length === 0) break;
    for (const { at } of more) found.add(at);
    const worst = more.at(-1)?.p ?? 0;
    largestP = Math.max(largestP, Math.min(1, (worst * tested.length) / more.length));
  }
  return { at: [...found].sort((a, b) => a - b), confidence: 1 - largestP };
}

function isWorthTelling(flow: FlowCounts, total: FlowCounts): boolean {
  const others = (total.lost - flow.lost) / Math.max(1, total.sent - flow.sent);
  return flow.lost >= fewestLost && flow.lost / flow.sent >= leastContrast * others;
}

/** The chance that a flow loses so many or more of all losses, were they dealt out blindly among all packets. */
function chanceOf(flow: FlowCounts, total: FlowCounts): number {
  const most = Math.min(flow.sent, total.lost);
  let chance = 0;
  for (let lost = flow.lost; lost <= most; lost++) {
    const one = Math.exp(
      logChoose(flow.sent, lost) +
        logChoose(total.sent - flow.sent, total.lost - lost) -
        logChoose(total.sent, total.lost),
    );
    chance += one;
    if (one < chance * 1e-9) break;
  }
  return Math.min(1, chance);
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
