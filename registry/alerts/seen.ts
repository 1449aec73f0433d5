import type { Baseline } from '@netring/contract/baseline';
import type { MemberView } from '@netring/contract/member';
import type { LocationPath, MemberPath } from '@netring/contract/path';
import type { GraphDependency } from '@netring/contract/graph';
import type { GraphEvent } from '@netring/contract/topology';
import type { RouteChange } from '@netring/contract/trace';
import type { Crossed } from '../traffic/index.ts';

/** A dependency of the live service graph. */
export interface SeenEdge extends Crossed {
  view: GraphDependency;
}

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
  /** Of the live service graph, quiet and gone ones too. */
  edges: readonly SeenEdge[];
  /** What is new or lost in it, of the past ten minutes at least. */
  graphEvents: readonly GraphEvent[];
}
