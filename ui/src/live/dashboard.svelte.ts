import type { AlertsAnswer } from '@netring/contract/alert';
import type { EventData } from '@netring/contract/event';
import type { KeptTrace } from '@netring/contract/trace';
import { announcements } from '../words/announcement.ts';
import { askJson } from './ask.ts';
import type { Connection } from './connection.ts';
import { frameBatch } from './frame-batch.ts';
import { paced } from './paced.ts';
import { applyChanges, type Change, type Picture } from './picture.ts';
import { nextOffsetMs } from './server-clock.ts';
import { followStream, type TidingName } from './stream.ts';

/** The live picture, as components read it. Times are epoch milliseconds of the registry's clock. */
export interface Dashboard {
  readonly picture: Picture | undefined;
  readonly connection: Connection;
  /** The registry's time, moving once a second. */
  readonly nowMs: number;
  /** What changed its state last, for a screen reader. */
  readonly news: readonly string[];
  /** The trace that came in last. */
  readonly traced: KeptTrace | undefined;
  /** Calls with what the stream tells of the service graph and of requests, and when it begins anew, until `signal` aborts. */
  listen(listener: GraphListener, signal: AbortSignal): void;
  /** Opens the stream, or opens it anew after a login. */
  follow(): void;
  stop(): void;
}

/** Who shows the service graph. */
export interface GraphListener {
  graph(change: EventData<'graph'>): void;
  requests(seen: EventData<'requests'>): void;
  /** The stream began anew: what was told before may have gaps. */
  anew(): void;
}

/** Streams may begin anew many times a minute, and a refused question is asked again. Milliseconds. */
const alertsGapMs = 2_000;

/** Makes the dashboard's state; nothing happens before `follow`. */
export function createDashboard(): Dashboard {
  let picture = $state.raw<Picture>();
  let connection = $state.raw<Connection>({ kind: 'connecting' });
  let nowMs = $state(Date.now());
  let news = $state.raw<readonly string[]>([]);
  let traced = $state.raw<KeptTrace>();
  let offsetMs: number | undefined;
  let heardMs: number | undefined;
  let following: AbortController | undefined;
  let graphListeners: readonly GraphListener[] = [];

  const clock = (): number => (offsetMs === undefined ? Date.now() : performance.now() + offsetMs);
  const take = (changes: readonly Change[]): void => {
    const before = picture;
    picture = applyChanges(before, changes);
    if (before === undefined) nowMs = clock();
    else if (picture !== undefined) news = announcementsOr(news, before, picture);
  };
  const collect = frameBatch(take);
  /** A snapshot tells the incidents and not the alerts; those that are known may long be over, or there are new ones. */
  const alerts = paced(async () => {
    const signal = following?.signal ?? AbortSignal.abort();
    const answer = await askJson<AlertsAnswer>('api/alerts', signal).catch(() => undefined);
    if (answer?.kind === 'ok') collect({ name: 'alerts', data: answer.data });
    // Without a stream there is nothing to repeat: it begins with a snapshot.
    else if (answer?.kind === 'failed' && connection.kind === 'live') alerts.ask();
  }, alertsGapMs);
  const changed = (change: Change): void => {
    collect(change);
    if (change.name !== 'snapshot') return;
    for (const one of graphListeners) one.anew();
    alerts.ask();
  };
  const told = <N extends TidingName>(name: N, data: EventData<N>): void => {
    if (name === 'trace') traced = (data as EventData<'trace'>).trace;
    else if (name === 'graph') for (const one of graphListeners) one.graph(data as EventData<'graph'>);
    else for (const one of graphListeners) one.requests(data as EventData<'requests'>);
  };
  const alive = (serverMs: number): void => {
    offsetMs = nextOffsetMs(offsetMs, serverMs, performance.now());
    heardMs = serverMs;
    if (connection.kind !== 'live') connection = { kind: 'live' };
  };
  const lost = (reason: string): void => {
    if (connection.kind === 'lost') connection = { ...connection, reason };
    else connection = { kind: 'lost', reason, ...(heardMs !== undefined && { sinceMs: heardMs }) };
  };
  const denied = (): void => {
    connection = { kind: 'denied' };
  };
  const tick = (): void => {
    nowMs = clock();
  };

  return {
    get picture() {
      return picture;
    },
    get connection() {
      return connection;
    },
    get nowMs() {
      return nowMs;
    },
    get news() {
      return news;
    },
    get traced() {
      return traced;
    },
    follow: () => {
      following?.abort();
      following = new AbortController();
      const { signal } = following;
      const ticking = setInterval(tick, 1_000);
      signal.addEventListener('abort', () => clearInterval(ticking), { once: true });
      followStream('events', { alive, changed, told, lost, denied }, signal);
    },
    stop: () => {
      alerts.stop();
      following?.abort();
    },
    listen(listener, signal) {
      graphListeners = [...graphListeners, listener];
      const forget = () => (graphListeners = graphListeners.filter((one) => one !== listener));
      signal.addEventListener('abort', forget, { once: true });
    },
  };
}

function announcementsOr(said: readonly string[], before: Picture, after: Picture): readonly string[] {
  const now = announcements(before, after);
  return now.length > 0 ? now : said;
}
