import type { CountFacts, WindowFacts } from '../facts.ts';
import { bestCell, evidenceOf, sideOf, type Cell, type CellKey } from './cell.ts';
import type { Gathered, Part } from './fold.ts';
import { sumOf, type Sum } from './slot.ts';

/** A dependency with everything that was counted of it added up. */
export function totalOf({ source, target, parts }: Gathered): Sum {
  const [first] = parts;
  return sumOf(parts, { ...(first as Part).sum, source, target });
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
  const { slot, sum, only } = parts[0] as Part;
  const closed = slot.startMs + slot.durationMs + settledMs <= nowMs;
  const isWhole = parts.length === 1 && only === undefined;
  if (isWhole && sum.window?.closed === closed) return sum.window;
  const { cells } = isWhole ? sum : totalOf({ ...gathered, parts });
  const counts = countsOf(cells);
  const window = {
    startMs: slot.startMs,
    durationMs: slot.durationMs,
    closed,
    ...(counts && { counts }),
    signals: [...cells.values()].flatMap(({ signals }) => signals ?? []),
  };
  if (isWhole) sum.window = window;
  return window;
}

/** The counts of the best source; `undefined` where nobody counted anything. */
export function countsOf(cells: ReadonlyMap<CellKey, Cell>): CountFacts | undefined {
  const key = bestCell(cells);
  const cell = cells.get(key);
  if (cell?.isCounted !== true) return undefined;
  const side = sideOf(key);
  return { countedBy: evidenceOf(key), ...(side && { side }), ...cell.counts, latency: cell.latency };
}
