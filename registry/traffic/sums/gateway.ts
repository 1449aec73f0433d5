import type { Part } from './fold.ts';

/** What of a stretch of time counts connections of. */
export interface Ends {
  /** What the callee saw come through a bridge's gateway. */
  through: readonly Part[];
  /** What callers of the published port say of themselves. */
  callers: readonly Part[];
}

/** Members tell of a stretch of 10 s while it lasts and some seconds after, each at its own time. */
const toldWithinMs = 20_000;

/**
 * Whether all that came through a gateway can be what the known callers of its published port made: a bridge shows
 * everybody at one address, so whatever is more came from somebody else. Of the last stretches one end may have told
 * more than the other so far; there only what is far more counts.
 */
export function canBeAllOfThem({ through, callers }: Ends): boolean {
  const newestMs = Math.max(...[...through, ...callers].map(({ slot }) => slot.startMs));
  const isTold = ({ slot }: Part): boolean =>
    slot.durationMs >= toldWithinMs || slot.startMs + toldWithinMs <= newestMs;
  const [seen, made] = [opened(through.filter(isTold)), opened(callers.filter(isTold))];
  return (
    seen <= made + chanceOf(made) &&
    !isFarMore(opened(through), opened(callers)) &&
    // Not every member can look at connections.
    (standing(callers) === 0 || !isFarMore(standing(through), standing(callers)))
  );
}

/** Each end counts at its own looks and misses short connections by itself: so many may the counts differ. */
function chanceOf(made: number): number {
  return 3 + 3 * Math.sqrt(made);
}

function isFarMore(seen: number, made: number): boolean {
  return seen > 2 * made + 3;
}

/** Connections that were opened, as the end says that counted most. */
function opened(parts: readonly Part[]): number {
  return mostOf(parts, ({ sum }, evidence) => sum.cells.get(evidence)?.counts.requests);
}

/** Connections that were there, look by look: some stand for days. */
function standing(parts: readonly Part[]): number {
  return mostOf(parts, ({ sum }, evidence) => sum.cells.get(evidence)?.signals?.connections);
}

const sockets = ['caller', 'callee', 'flow'] as const;

function mostOf(
  parts: readonly Part[],
  countOf: (part: Part, evidence: (typeof sockets)[number]) => number | undefined,
): number {
  return Math.max(
    ...sockets.map((evidence) => parts.reduce((sum, part) => sum + (countOf(part, evidence) ?? 0), 0)),
  );
}
