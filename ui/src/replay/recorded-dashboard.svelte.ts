import type { Dashboard } from '../live/dashboard.svelte.ts';
import { applyChanges, fromSnapshot } from '../live/picture.ts';
import type { Recording } from './recording.ts';

/** The picture of a recording. Its time stands still, so that every age is what it was. */
export function recordedDashboard({ overview, alerts, made_ms: nowMs }: Recording): Dashboard {
  const first = fromSnapshot(overview);
  const picture = alerts === undefined ? first : applyChanges(first, [{ name: 'alerts', data: alerts }]);
  return {
    picture,
    connection: { kind: 'replay' },
    nowMs,
    news: [],
    traced: undefined,
    listen: () => undefined,
    follow: () => undefined,
    stop: () => undefined,
  };
}
