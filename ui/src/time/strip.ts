import type { StretchSummary, WindowsAnswer } from '@netring/contract/topology';
import { counted } from '../words/measure.ts';
import { chosenZone, type Zone } from '../words/zone.ts';
import { momentWords, spanOf, steps, type Moment, type Span } from './moment.ts';

/** One place of the time slider. */
export interface Cell {
  moment: Moment;
  /** What went on then; absent: no traffic was seen, or nobody told. */
  summary?: StretchSummary;
}

/**
 * The places of the slider at `nowMs`, oldest first: each moment once, as finely as it is kept. The finer part begins where a
 * coarser stretch ends, so that no time is missing and none is there twice. What the registry says that it does not have
 * is left out.
 */
export function cellsAt(nowMs: number, answer: WindowsAnswer | undefined): Cell[] {
  const cells: Cell[] = [];
  const coarsestFirst = [...steps].reverse().flatMap((one) => keptOf(one, answer) ?? []);
  let endedMs: number | undefined;
  coarsestFirst.forEach(({ name, stepMs, keptMs, fromMs, toMs }, at) => {
    const finer = coarsestFirst[at + 1];
    const firstMs = endedMs ?? Math.ceil((nowMs - keptMs) / stepMs) * stepMs;
    // Up to the coarse edge beyond which the finer one is whole.
    const lastMs = finer === undefined ? nowMs - reportedMs : nowMs - finer.keptMs;
    const lastEndMs = (finer === undefined ? Math.floor : Math.ceil)(lastMs / stepMs) * stepMs;
    for (let startMs = firstMs; startMs + stepMs <= lastEndMs; startMs += stepMs) {
      if (startMs + stepMs <= fromMs || startMs >= toMs) continue;
      cells.push({ moment: { toMs: startMs + stepMs, step: name } });
    }
    endedMs = Math.max(firstMs, lastEndMs);
  });
  return withSummaries(cells, answer?.stretches ?? []);
}

/** So long after a stretch is over its members have reported it. */
const reportedMs = 3_000;

/** Of one length, what is kept; without an answer, what a registry keeps. */
function keptOf(
  step: (typeof steps)[number],
  answer: WindowsAnswer | undefined,
): ((typeof steps)[number] & Span) | undefined {
  if (answer === undefined) return { ...step, fromMs: -Infinity, toMs: Infinity };
  const told = answer.resolutions.find(({ resolution_ms: ms }) => ms === step.stepMs);
  if (told?.from_ms === undefined) return undefined;
  // While it is looked at, more is added.
  return {
    ...step,
    fromMs: told.from_ms,
    toMs: told.kept_ms < step.keptMs ? (told.to_ms ?? Infinity) : Infinity,
  };
}

/** Finer stretches of one place are summed up; a coarser one than its place says nothing of just that place. */
function withSummaries(cells: Cell[], stretches: readonly StretchSummary[]): Cell[] {
  let at = 0;
  for (const one of stretches) {
    while (at < cells.length && (cells[at] as Cell).moment.toMs <= one.start_ms) at += 1;
    const cell = cells[at];
    if (cell === undefined) break;
    const { fromMs, toMs } = spanOf(cell.moment);
    if (one.start_ms < fromMs || one.start_ms + one.duration_ms > toMs) continue;
    cells[at] = { ...cell, summary: cell.summary === undefined ? one : summed(cell.summary, one) };
  }
  return cells;
}

/** Requests add up; of dependencies, as many as there were at once. */
function summed(one: StretchSummary, other: StretchSummary): StretchSummary {
  const blame = mostOf(one.blame, other.blame);
  const path = mostOf(one.path, other.path);
  return {
    start_ms: one.start_ms,
    duration_ms: one.duration_ms + other.duration_ms,
    requests: one.requests + other.requests,
    errors: one.errors + other.errors,
    services: Math.max(one.services, other.services),
    dependencies: Math.max(one.dependencies, other.dependencies),
    health: mostOf(one.health, other.health) ?? one.health,
    ...(blame && { blame }),
    ...(path && { path }),
  };
}

function mostOf<T extends Record<string, number>>(one: T | undefined, other: T | undefined): T | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  const most = Object.entries(one).map(([key, count]) => [key, Math.max(count, other[key] ?? 0)]);
  return Object.fromEntries(most) as T;
}

/** The place of a moment, or the nearest one to it. -1 without cells. */
export function placeOf(cells: readonly Cell[], { toMs }: Moment): number {
  let nearest = -1;
  let leastMs = Infinity;
  cells.forEach((one, at) => {
    const awayMs = Math.abs(one.moment.toMs - toMs);
    if (awayMs <= leastMs) [nearest, leastMs] = [at, awayMs];
  });
  return nearest;
}

/** Where the slider goes from one length of windows to another: index of the first of each. */
export function partsOf(
  cells: readonly Cell[],
): { step: Moment['step']; from: number; to: number; lengthMs: number }[] {
  return steps
    .map(({ name: step, stepMs }) => ({
      step,
      from: cells.findIndex(({ moment }) => moment.step === step),
      to: cells.findLastIndex(({ moment }) => moment.step === step) + 1,
      lengthMs: stepMs * cells.filter(({ moment }) => moment.step === step).length,
    }))
    .filter(({ from }) => from >= 0)
    .sort((a, b) => a.from - b.from);
}

/** The rows of trouble under the requests: what each counts. */
export const troubleRows = [
  { name: 'errors', countOf: ({ errors }: StretchSummary) => errors },
  {
    name: 'network',
    countOf: ({ blame, path }: StretchSummary) =>
      (blame?.network ?? 0) + (blame?.both ?? 0) + (path?.down ?? 0) + (path?.degraded ?? 0),
  },
  {
    name: 'application',
    countOf: ({ blame }: StretchSummary) => (blame?.application ?? 0) + (blame?.both ?? 0),
  },
] as const;

/** A place in words, for who hears the slider and for its tip. */
export function cellWords({ moment, summary }: Cell, nowMs: number, zone: Zone = chosenZone()): string {
  const when = momentWords(moment, nowMs, zone);
  if (summary === undefined) return `${when}: no traffic told`;
  const { blame, path, health } = summary;
  const parts = [
    counted(summary.requests, 'request'),
    summary.errors > 0 && `${summary.errors} failed`,
    health.failing > 0 && `${counted(health.failing, 'dependency', 'dependencies')} failing`,
    health.slow > 0 && `${health.slow} slow`,
    blame && blame.network + blame.both > 0 && `${blame.network + blame.both} blamed on the network`,
    blame && blame.application + blame.both > 0 && `${blame.application + blame.both} on the application`,
    path && path.down > 0 && `${path.down} over a path that is down`,
    path && path.degraded > 0 && `${path.degraded} over a degraded path`,
  ].filter((part) => typeof part === 'string');
  return `${when}: ${parts.join(', ')}`;
}
