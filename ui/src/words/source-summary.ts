import type { LocationPath } from '@netring/contract/path';
import type { PathsOfSource } from '../live/picture.ts';
import { shownPathState, shownStates, type ShownState } from './path-state.ts';

/** What is to be said of all paths of one source. */
export interface SourceSummary {
  counts: Record<ShownState, number>;
  down: readonly LocationPath[];
  degraded: readonly LocationPath[];
  /** Up, or degraded, to a far end that does not answer as it should. */
  silent: readonly LocationPath[];
  unknown: readonly LocationPath[];
  /** To external targets, in whatever state. */
  external: readonly LocationPath[];
}

/** Paths of a source never change in place, so what was said of them once holds: of ten thousand paths only those of changed sources are looked at. */
const known = new WeakMap<PathsOfSource, SourceSummary>();

/** Looks through the paths of one source, once. */
export function summaryOf(paths: PathsOfSource): SourceSummary {
  const before = known.get(paths);
  if (before !== undefined) return before;
  const summary = summarized([...paths.values()]);
  known.set(paths, summary);
  return summary;
}

function summarized(paths: readonly LocationPath[]): SourceSummary {
  const counts = Object.fromEntries(shownStates.map((state) => [state, 0])) as Record<ShownState, number>;
  const lists: Record<'down' | 'degraded' | 'silent' | 'unknown' | 'external', LocationPath[]> = {
    down: [],
    degraded: [],
    silent: [],
    unknown: [],
    external: [],
  };
  for (const path of paths) {
    const shown = shownPathState(path);
    counts[shown] += 1;
    if (path.target_kind === 'external') lists.external.push(path);
    if (path.state === 'down' || path.state === 'degraded') lists[path.state].push(path);
    else if (shown === 'unknown') lists.unknown.push(path);
    if (!path.answering && (path.state === 'ok' || path.state === 'degraded')) lists.silent.push(path);
  }
  return { counts, ...lists };
}
