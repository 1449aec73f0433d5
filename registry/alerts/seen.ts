import type { Baseline } from '@netring/contract/baseline';
import type { MemberView } from '@netring/contract/member';
import type { LocationPath, MemberPath } from '@netring/contract/path';
import type { RouteChange } from '@netring/contract/trace';

/** The picture at one moment, as far as conditions are read from it. */
export interface Seen {
  /** The store's clock, epoch milliseconds. */
  nowMs: number;
  members: readonly MemberView[];
  locationPaths: readonly LocationPath[];
  /** Member paths of one location path; asked for only where something is not as it should be. */
  memberPathsOf(path: LocationPath): readonly MemberPath[];
  /** What is usual between two members, by instance ids; `undefined` when nobody knows. */
  baselinesOf(source: string, target: string): readonly Baseline[] | undefined;
  /** Of the past ten minutes at least. */
  routeChanges: readonly RouteChange[];
}
