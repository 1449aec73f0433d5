import type { LocationPath } from '@netring/contract/path';
import type { RouteChange } from '@netring/contract/trace';
import type { Follower, StoreClock } from '../changes/index.ts';
import type { MemberView } from '@netring/contract/member';
import { listenedMs } from '../membership/index.ts';
import type { Picture } from '../paths/index.ts';
import type { Store } from '../store/index.ts';
import { isTold } from './alert-state.ts';
import type { AlertBoard } from './board.ts';
import { evaluate, type AlertState } from './evaluate.ts';
import type { Rules } from './rules.ts';
import type { Seen } from './seen.ts';

/** What the watch looks at. */
export interface Watched {
  store: Store;
  board: AlertBoard;
  picture: Picture;
  members: () => readonly MemberView[];
  follower: Follower;
  clock: StoreClock;
  /** What is usual between two members. */
  baselinesOf: Seen['baselinesOf'];
  routeChanges: (nowMs: number) => readonly RouteChange[];
  /** Of the live service graph, and what came into it and went. */
  edges: () => Seen['edges'];
  graphEvents: () => Seen['graphEvents'];
}

/** More than this between two looks is no time in which anything was seen. */
const longestLookMs = 15_000;
/** After a flush members register again within one heartbeat; until then nobody is gone. */
const emptiedMs = 60_000;
/** Of a picture that has just been loaded paths are still to come: until then none is gone. */
const settlingMs = 5_000;
/** What has not changed in the eyes of people is still written so often, so that a new leader goes on from there. */
const writeAgainMs = 10_000;

/** Evaluates the rules once: what the leader does every second. Call it again and again with the fence of its term. */
export function createWatch(watched: Watched, rules: Rules): (fence: number) => Promise<void> {
  const { store, board, follower, clock } = watched;
  let term: number | undefined;
  let state: AlertState = board.state();
  let writtenFacts = '';
  let writtenAtMs = 0;
  let losses = 0;
  let emptiedUntilMs = 0;
  let isLoaded = false;

  return async (fence) => {
    // While the store is away everything stands still.
    const wasLoaded = isLoaded;
    isLoaded = follower.ready();
    if (!isLoaded) return;
    const nowMs = clock.nowMs();
    if (!wasLoaded) emptiedUntilMs = Math.max(emptiedUntilMs, nowMs + settlingMs);
    if (fence !== term) {
      term = fence;
      state = board.state();
      writtenFacts = factsOf(state);
    }
    if (board.losses() !== losses) {
      losses = board.losses();
      emptiedUntilMs = nowMs + emptiedMs;
      writtenFacts = '';
    }
    const sinceMs = state.lookedAtMs === 0 ? nowMs : state.lookedAtMs;
    const elapsedMs = Math.min(longestLookMs, listenedMs(sinceMs, nowMs, follower.deafSpans()));
    const emptied = nowMs < emptiedUntilMs;
    state = evaluate(state, see(watched, nowMs), { rules, elapsedMs, emptied });
    const facts = factsOf(state);
    const isDue = state.active.length > 0 && nowMs - writtenAtMs > writeAgainMs;
    if (facts === writtenFacts && !isDue) return;
    if (!(await board.write(store, state, fence))) {
      // Somebody else leads by now.
      term = undefined;
      return;
    }
    writtenFacts = facts;
    writtenAtMs = nowMs;
  };
}

function see(watched: Watched, nowMs: number): Seen {
  const { picture, members, baselinesOf, routeChanges } = watched;
  const cells = new Map<LocationPath, ReturnType<Picture['memberPaths']>>();
  return {
    nowMs,
    members: members(),
    locationPaths: picture.locationPaths(),
    memberPathsOf(path) {
      const { source, target, target_kind } = path;
      const known = cells.get(path);
      if (known !== undefined) return known;
      const found = picture
        .memberPaths({ source, target }, nowMs)
        .filter((one) => one.target_kind === target_kind);
      cells.set(path, found);
      return found;
    },
    baselinesOf,
    routeChanges: routeChanges(nowMs),
    edges: watched.edges(),
    graphEvents: watched.graphEvents(),
  };
}

/** What people see of a state: the counters of time that run in it are nobody's business. */
function factsOf({ active, resolved, incidents }: AlertState): string {
  const told = active
    .filter(isTold)
    .map(({ id, state, severity, summary, value, blame }) => [id, state, severity, summary, value, blame]);
  return JSON.stringify([told, resolved.length, resolved.at(-1)?.resolvedAtMs, incidents]);
}
