import { readiness, registryHealth } from '@netring/contract/health';
import { version } from '@netring/service/version';
import type { App, Call, Rooms } from './context.ts';
import { described } from './describe.ts';

/** `/health`, `/ready`, `/metrics`. */
export function healthRoutes(app: App, rooms: Rooms): void {
  app.get(
    '/health',
    described({ summary: 'The process lives', tag: 'operating', answer: registryHealth }),
    (c) => c.json({ status: 'healthy', version, component: 'registry', timestamp: Date.now() / 1000 }),
  );
  app.get(
    '/ready',
    described({ summary: '503 with reasons while the store is away', tag: 'operating', answer: readiness }),
    (c) => {
      const store = rooms.follower.storeState();
      const reasons: string[] = [];
      if (store.state === 'away') reasons.push(`the store is away: ${whyAway(c, rooms)}`);
      else if (!rooms.follower.ready()) reasons.push('the picture is not loaded yet');
      return c.json({ ready: reasons.length === 0, reasons }, reasons.length === 0 ? 200 : 503);
    },
  );
  app.get(
    '/metrics',
    described({ summary: 'Prometheus text of the registry itself', tag: 'operating' }),
    async (c) => {
      rooms.rights.mayRead(c);
      const { contentType, body } = await rooms.metrics.text();
      return c.body(body, 200, { 'content-type': contentType });
    },
  );
}

/** The store's own words may name hosts: for those who may read. */
function whyAway(c: Call, { follower, rights }: Rooms): string {
  const { reason = 'it does not answer' } = follower.storeState();
  try {
    rights.mayRead(c);
    return reason;
  } catch {
    return 'it does not answer';
  }
}
