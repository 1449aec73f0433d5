import type { RouteChange } from '@netring/contract/trace';
import { routeChangeToldMs } from './path-findings.ts';

/** The changes of route of a little while ago, as they came in. */
export interface RecentRoutes {
  note(change: RouteChange): void;
  at(nowMs: number): readonly RouteChange[];
}

/** A storm of them is told by its newest. */
const most = 200;

export function createRecentRoutes(): RecentRoutes {
  let changes: RouteChange[] = [];
  return {
    note(change) {
      changes = [...changes, change].slice(-most);
    },
    at(nowMs) {
      changes = changes.filter(({ at_ms }) => nowMs - at_ms < routeChangeToldMs);
      return changes;
    },
  };
}
