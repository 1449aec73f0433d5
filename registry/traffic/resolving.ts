import type { Directory } from '../membership/index.ts';
import { indexClaims, type GroupRule } from './identity/index.ts';
import { createResolver, type Resolver } from './join/index.ts';
import type { PrivateReach } from './private-reach.ts';
import type { InventoryBook } from './states/index.ts';

/** Recognises ends by what is known now; made anew when that changes. */
export interface Resolving {
  /** The resolver, and a number that is another one whenever the resolver is. */
  current(): { resolver: Resolver; version: number };
}

export interface ResolvingNeeds {
  directory: Directory;
  inventories: InventoryBook;
  groups: readonly GroupRule[];
  /** Whether a member speaks. */
  isLive(member: string): boolean;
  reach: PrivateReach;
}

export function createResolving(needs: ResolvingNeeds): Resolving {
  const { directory, inventories, groups } = needs;
  let madeFrom = '';
  let made: { resolver: Resolver; version: number } | undefined;

  return {
    current() {
      const members = [...directory.all()].map(({ record }) => record.instance_id);
      const silent = members.filter((id) => !needs.isLive(id));
      const from = JSON.stringify([
        inventories.revision(),
        directory.revision(),
        silent,
        needs.reach.answers(),
      ]);
      if (made !== undefined && from === madeFrom) return made;
      madeFrom = from;
      const around = {
        index: indexClaims(inventories.all((id) => needs.isLive(id))),
        groups,
        reachPrivately: (a: string, b: string) => needs.reach.reaches(a, b),
      };
      const locationOf = (member: string) => directory.get(member)?.record.location;
      made = { resolver: createResolver(around, locationOf), version: (made?.version ?? 0) + 1 };
      return made;
    },
  };
}
