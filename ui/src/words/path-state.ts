import type { LocationPath, PathState } from '@netring/contract/path';

/**
 * What is shown as the state of a path. Beside the path's own state: `unanswered` is a path that is up to a far end that does not answer as it should;
 * `unproved` may not be probed yet.
 */
export type ShownState = PathState | 'unanswered' | 'unproved';

/** Whether nothing can be said of this path but that its far end has not proved its address. */
export function isUnproved({ paths }: Pick<LocationPath, 'paths'>): boolean {
  const { ok, degraded, down, unknown, unproved } = paths;
  return unproved > 0 && ok + degraded + down + unknown === 0;
}

/** What is shown as the state of a location path. */
export function shownPathState(path: LocationPath): ShownState {
  if (isUnproved(path)) return 'unproved';
  return path.state === 'ok' && !path.answering ? 'unanswered' : path.state;
}

/** The states in the order in which they are counted out. */
export const shownStates: readonly ShownState[] = [
  'ok',
  'unanswered',
  'degraded',
  'down',
  'unknown',
  'unproved',
];

/** A state in a word or two. */
export const stateWords: Record<ShownState, string> = {
  ok: 'up',
  unanswered: 'up, not answering',
  degraded: 'degraded',
  down: 'down',
  unknown: 'unknown',
  unproved: 'unproved',
};
