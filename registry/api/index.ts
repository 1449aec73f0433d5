import { version } from '@netring/service/version';
import { Hono } from 'hono';
import { openAPIRouteHandler } from 'hono-openapi';
import { answerError } from './api-error.ts';
import { accessLogRoutes } from './access-logs.ts';
import { alertRoutes } from './alerts.ts';
import type { App, Env, Rooms } from './context.ts';
import { dashboardRoutes, type readDashboard } from './dashboard.ts';
import { coverageRoutes } from './coverage.ts';
import { enteredRoutes } from './entered.ts';
import { eventRoutes } from './events.ts';
import { securityHeaders } from './headers.ts';
import { healthRoutes } from './health.ts';
import { historyRoutes } from './history.ts';
import { leaseRoutes } from './leases.ts';
import { linkRoutes } from './links.ts';
import { loginRoutes } from './login.ts';
import { memberRoutes } from './members.ts';
import { membershipRoutes } from './membership.ts';
import { nameRoutes } from './names.ts';
import { networkInfoRoutes } from './network-info.ts';
import { pathRoutes } from './paths.ts';
import { prometheusRoutes } from './prometheus.ts';
import { reportRoutes } from './report.ts';
import { topologyRoutes } from './topology.ts';
import { traceRoutes } from './traces.ts';
import { watcherRoutes } from './watchers.ts';

export type { ApiMetrics, App, Rooms } from './context.ts';
export { readDashboard } from './dashboard.ts';
export { createRateLimit } from '@netring/service/rate-limit';
export { createRights } from './rights.ts';

/** The registry's HTTP surface: one file a resource, every answer with the same headers, errors in one place. */
export function createApi(rooms: Rooms, dashboard: ReturnType<typeof readDashboard>): App {
  const app: App = new Hono<Env>();
  app.use(async (c, next) => {
    await next();
    // The event stream, and what goes straight to the socket, has written its head.
    if (c.res.headers.get('x-hono-already-sent') !== null) return;
    for (const [name, value] of Object.entries(securityHeaders)) c.res.headers.set(name, value);
    if (!c.res.headers.has('cache-control')) c.res.headers.set('cache-control', 'no-store');
  });
  app.onError((error, c) => answerError(error, c, rooms.log));
  app.notFound((c) =>
    c.json({ error: { code: 'not_found', message: 'there is nothing here: see /openapi.json' } }, 404),
  );
  healthRoutes(app, rooms);
  membershipRoutes(app, rooms);
  reportRoutes(app, rooms);
  leaseRoutes(app, rooms);
  pathRoutes(app, rooms);
  memberRoutes(app, rooms);
  historyRoutes(app, rooms);
  coverageRoutes(app, rooms);
  traceRoutes(app, rooms);
  nameRoutes(app, rooms);
  // Before what holds back reading of all below /topology: members may push.
  linkRoutes(app, rooms);
  watcherRoutes(app, rooms);
  topologyRoutes(app, rooms);
  networkInfoRoutes(app, rooms);
  accessLogRoutes(app, rooms);
  alertRoutes(app, rooms);
  enteredRoutes(app, rooms);
  eventRoutes(app, rooms);
  prometheusRoutes(app, rooms);
  loginRoutes(app, rooms);
  app.get(
    '/openapi.json',
    openAPIRouteHandler(app, {
      documentation: {
        openapi: '3.1.0',
        info: { title: 'Netring registry', version, description: 'Is it the network?' },
      },
    }),
  );
  dashboardRoutes(app, dashboard);
  return app;
}
