import type { Evidence } from '@netring/topology';
import type { CountFacts, WindowFacts } from '../facts.ts';
import { bestEvidence, type Cell } from './cell.ts';
import type { Gathered, Part } from './fold.ts';
import { addSum, type Sum } from './slot.ts';

/** A dependency with everything that was counted of it added up. */
export function totalOf({ source, target, protocol, filter, parts }: Gathered): Sum {
  const sum: Sum = {
    source,
    target,
    protocol,
    filter,
    cells: new Map(),
    ports: new Set(),
    firstSeenMs: Infinity,
    lastSeenMs: -Infinity,
    sourceHosts: new Map(),
    targetHosts: new Map(),
    isOnlyHost: false,
    isThroughAlias: false,
    seenAt: new Map(),
  };
  for (const part of parts) addSum(sum, part.sum, part.only);
  return sum;
}

/** A state may come so much later than its bucket ended. */
const settledMs = 5_000;

/** What was seen in each stretch of time, oldest first. */
export function windowsOf(gathered: Gathered, nowMs: number): WindowFacts[] {
  const bySlot = new Map<number, Part[]>();
  for (const part of gathered.parts) {
    const known = bySlot.get(part.slot.startMs);
    if (known === undefined) bySlot.set(part.slot.startMs, [part]);
    else known.push(part);
  }
  return [...bySlot.values()]
    .map((parts) => windowOf(gathered, parts, nowMs))
    .sort((a, b) => a.startMs - b.startMs);
}

function windowOf(gathered: Gathered, parts: Part[], nowMs: number): WindowFacts {
  const { startMs, durationMs } = (parts[0] as Part).slot;
  const [only] = parts;
  const cells =
    parts.length === 1 && only?.only === undefined
      ? (only as Part).sum.cells
      : totalOf({ ...gathered, parts }).cells;
  const counts = countsOf(cells);
  return {
    startMs,
    durationMs,
    closed: startMs + durationMs + settledMs <= nowMs,
    ...(counts && { counts }),
    signals: [...cells.values()].flatMap(({ signals }) => signals ?? []),
  };
}

/** The counts of the best source; `undefined` where nobody counted anything. */
export function countsOf(cells: ReadonlyMap<Evidence, Cell>): CountFacts | undefined {
  const countedBy = bestEvidence(cells);
  const cell = cells.get(countedBy);
  if (cell?.isCounted !== true) return undefined;
  return { countedBy, ...cell.counts, latency: cell.latency };
}
