import type { OverviewAnswer } from '@netring/contract/overview';
import type { MemberView } from '@netring/contract/member';
import { version } from '@netring/service/version';
import type { AlertBoard } from '../alerts/index.ts';
import type { Follower, StoreClock } from '../changes/index.ts';
import type { Directory } from '../membership/index.ts';
import type { Picture } from '../paths/index.ts';
import type { Broadcast } from './broadcast.ts';

/** The whole picture as it stands, and the stream of what changes in it. */
export interface Stage {
  overview(): OverviewAnswer;
  /** `overview` as JSON text, made at most once for each state of the picture. */
  encodedOverview(): string;
  members(): MemberView[];
  /** The moment that states are told for: now, or when the store went away. */
  lookedAtMs(): number;
  stop(): void;
}

/** Changes reach the screen within a second: half of it is spent here at most. */
const refreshMs = 500;
const tickMs = 5_000;

/** Refreshes the picture twice a second and broadcasts what has changed. */
export function createStage(
  directory: Directory,
  picture: Picture,
  follower: Follower,
  clock: StoreClock,
  broadcast: Broadcast,
  alerts: AlertBoard,
): Stage {
  let shown = new Map<string, { view: MemberView; facts: string }>();
  let storeFacts = '';
  let alertFacts = '';
  let alertsTold = '';
  let encoded: string | undefined;
  let shownLogId = '0-0';
  let rev = 0;
  const refreshing = setInterval(refresh, refreshMs);
  const ticking = setInterval(() => broadcast.send('tick', { now_ms: clock.nowMs() }), tickMs);

  return {
    overview,
    encodedOverview() {
      encoded ??= JSON.stringify(overview());
      return encoded;
    },
    members: () => currentMembers(),
    lookedAtMs,
    stop() {
      clearInterval(refreshing);
      clearInterval(ticking);
    },
  };

  function overview(): OverviewAnswer {
    return {
      now_ms: clock.nowMs(),
      version,
      store: follower.storeState(),
      log_id: shownLogId,
      members: currentMembers(),
      location_paths: picture.locationPaths(),
      incidents: alerts.openIncidents(lookedAtMs()),
      coverage: picture.coverage(lookedAtMs()),
    };
  }

  /** While the store is away nothing is heard: the picture stands still rather than turning red by age. */
  function lookedAtMs(): number {
    const store = follower.storeState();
    return store.state === 'away' ? store.since_ms : clock.nowMs();
  }

  function currentMembers(): MemberView[] {
    const nowMs = lookedAtMs();
    const spans = follower.deafSpans();
    return [...directory.all()]
      .map((known) => directory.view(known, nowMs, spans, picture.heard(known.record.instance_id)))
      .sort((a, b) => (a.instance_id < b.instance_id ? -1 : 1));
  }

  function refresh(): void {
    const nowMs = clock.nowMs();
    encoded = undefined;
    const store = follower.storeState();
    if (JSON.stringify(store) !== storeFacts) {
      storeFacts = JSON.stringify(store);
      broadcast.send('store', { now_ms: nowMs, store });
    }
    // Half a picture, as it is loaded anew, would look like an outage.
    if (store.state === 'away' || !follower.ready()) return;
    // Before the look: what is folded meanwhile is in the next one for certain.
    shownLogId = follower.logId();
    const { changed, removed } = picture.refresh(nowMs);
    if (changed.length > 0 || removed.length > 0) {
      broadcast.send('paths', {
        now_ms: nowMs,
        location_paths: changed,
        removed,
        coverage: picture.coverage(nowMs),
      });
    }
    refreshMembers(nowMs);
    refreshAlerts(nowMs);
  }

  function refreshAlerts(nowMs: number): void {
    const facts = alerts.facts(nowMs);
    if (facts === alertFacts) return;
    alertFacts = facts;
    const answer = alerts.answer(nowMs);
    // Most of what the leader writes is how long something has held, which nobody needs to be told.
    const told = JSON.stringify({ ...answer, now_ms: 0 });
    if (told === alertsTold) return;
    alertsTold = told;
    broadcast.send('alerts', answer);
  }

  function refreshMembers(nowMs: number): void {
    rev++;
    const next = new Map<string, { view: MemberView; facts: string }>();
    const changed: MemberView[] = [];
    for (const view of currentMembers()) {
      const facts = factsOf(view);
      const before = shown.get(view.instance_id);
      // Signs of life come all the time; they are told every tenth refresh, changes at once.
      const told = before !== undefined && before.facts === facts;
      const heard = told && view.last_seen !== before.view.last_seen && rev % 10 === 0;
      if (!told || heard) changed.push(view);
      next.set(view.instance_id, told && !heard ? before : { view, facts });
    }
    const removed = [...shown.keys()].filter((id) => !next.has(id));
    shown = next;
    if (changed.length > 0 || removed.length > 0)
      broadcast.send('members', { now_ms: nowMs, members: changed, removed });
  }
}

/** Everything about a member but when it was last heard, and what is new each time that it is. */
function factsOf({ schedule: _schedule, clock_ahead_ms: _ahead, ...view }: MemberView): string {
  return JSON.stringify({ ...view, last_seen: 0 });
}
