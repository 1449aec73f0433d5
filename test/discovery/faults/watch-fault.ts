import { setTimeout as wait } from 'node:timers/promises';
import type { Blame, GraphDependency } from '@netring/contract/graph';
import { dependencies, type Caller, type Fault } from './fault.ts';

const lookAgainMs = 500;
const windowMs = 10_000;
/** Until a window counts as over, since members report every two seconds, and is judged and told. */
const toldMs = 8_000;
/** So long what was said must stay said. */
const staysMs = 12_000;

/** What the registry says of every dependency, `near>plain`. */
export type Said = Map<string, Pick<GraphDependency, 'blame' | 'path'>>;

/** How a fault was told. */
export interface Outcome {
  kind: 'right' | 'unknown' | 'wrong';
  /** Why it is not right. */
  problem?: string;
  /** From the fault to its verdict, with hop and milliseconds where there are any. */
  settledMs?: number;
  /** Verdicts in order, each with when it was first seen. */
  heard: string[];
  reasons: string[];
  /** The path under it. */
  path: string;
  /** Dependencies that the fault has nothing to do with, and were accused of something. */
  accused: string[];
}

/** Three whole windows after a fault: one that had begun before it is half of both. */
export function dueMs(sinceMs: number): number {
  return Math.ceil(sinceMs / windowMs) * windowMs + 3 * windowMs + toldMs;
}

/** Watches what is said of a fault that began at `sinceMs`, until it is due and has been said for a while. */
export async function watchFault(fault: Fault, sinceMs: number, read: () => Promise<Said>): Promise<Outcome> {
  const { about, expected } = fault;
  const heard: string[] = [];
  const accused = new Map<string, string>();
  let settledMs: number | undefined;
  let last: Blame | undefined;
  for (;;) {
    const said = await read().catch(() => new Map() as Said);
    const now = said.get(about);
    const nowMs = Date.now();
    if (now !== undefined && now.blame.verdict !== last) {
      last = now.blame.verdict;
      heard.push(`${last} after ${Math.round((nowMs - sinceMs) / 1000)} s`);
    }
    noteAccused(fault, said, accused);
    const problem = now === undefined ? 'it is not in the graph' : problemOf(fault, now);
    if (problem === undefined) settledMs ??= nowMs - sinceMs;
    const isDue = nowMs >= dueMs(sinceMs);
    const stayed = settledMs !== undefined && nowMs >= sinceMs + settledMs + staysMs;
    if (isDue || stayed) {
      const reasons = now?.blame.reasons ?? [];
      const path = [now?.path.kind, now?.path.state, ...(now?.path.reasons ?? [])].join(', ');
      const common = { heard, reasons, path, accused: [...accused].map((one) => one.join(': ')) };
      if (problem === undefined)
        return { kind: 'right', ...common, ...(settledMs !== undefined && { settledMs }) };
      const isUnknown = last === 'unknown' && expected !== 'unknown';
      return { kind: isUnknown ? 'unknown' : 'wrong', problem, ...common };
    }
    await wait(lookAgainMs);
  }
}

/** What of a verdict is not as it must be. */
function problemOf(
  { expected, says, hop }: Fault,
  { blame, path }: Pick<GraphDependency, 'blame' | 'path'>,
): string | undefined {
  if (blame.verdict !== expected) return `it says ${blame.verdict}, not ${expected}`;
  if (expected === 'unknown' && path.state === 'ok') return 'it is green without a measurement';
  const reason = blame.reasons.find((one) => says.test(one));
  if (reason === undefined) return `no reason says ${says}`;
  if (hop === undefined) return undefined;
  const [, ttl, , adds] = /at hop (\d+) \(([\d.]+)\), which adds ([\d.]+) ms/.exec(reason) ?? [];
  if (Number(ttl) !== hop.ttl) return `it names hop ${ttl}, not ${hop.ttl}`;
  const offMs = Math.abs(Number(adds) - hop.addedMs);
  return offMs > 3 + 0.25 * hop.addedMs ? `it names ${adds} ms, not ${hop.addedMs}` : undefined;
}

/** Who else is accused, though the fault is neither under it nor behind its callee. */
function noteAccused(fault: Fault, said: Said, accused: Map<string, string>): void {
  const links = new Set(fault.harms.flatMap((harm) => ('link' in harm ? [harm.link] : [])));
  const programs = new Set(fault.harms.flatMap((harm) => ('program' in harm ? [harm.program] : [])));
  const crosses = (caller: string) =>
    (dependencies[caller as Caller]?.way ?? []).some((link) => links.has(link));
  for (const [name, { blame }] of said) {
    const [caller = '', callee = ''] = name.split('>');
    if (name === fault.about || blame.verdict === 'none' || blame.verdict === 'unknown') continue;
    // Who waits for nginx waits for whom it asks.
    const behind =
      callee === 'nginx' && (crosses('nginx') || programs.has('orders') || programs.has('doorman'));
    const isConcerned = crosses(caller) || programs.has(callee) || behind || fault.row === 'proxy';
    if (!isConcerned) accused.set(name, `${blame.verdict}, ${blame.reasons[0] ?? ''}`);
  }
}
