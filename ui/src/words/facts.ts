import type { MemberStatus } from '@netring/contract/member';
import type { Picture } from '../live/picture.ts';
import { countStatuses } from '../members/groups.ts';
import { shownStates, type ShownState } from './path-state.ts';
import { summaryOf } from './source-summary.ts';

/** The counts under the headline. */
export interface Facts {
  paths: Record<ShownState, number>;
  members: Record<MemberStatus, number>;
  /** Member paths measured freshly, of those planned. */
  measured: number;
  planned: number;
}

/** Counts location paths by state and members by status. */
export function factsOf(picture: Picture): Facts {
  const paths = { ok: 0, unanswered: 0, degraded: 0, down: 0, unknown: 0, unproved: 0 };
  for (const ofSource of picture.paths.values()) {
    const { counts } = summaryOf(ofSource);
    for (const state of shownStates) paths[state] += counts[state];
  }
  const { measured, planned } = picture.coverage;
  return { paths, members: countStatuses(picture.members.values()), measured, planned };
}
