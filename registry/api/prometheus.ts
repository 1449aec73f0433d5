import { prometheusTargets, type PrometheusTargets } from '@netring/contract/prometheus-targets';
import type { App, Rooms } from './context.ts';
import { described } from './describe.ts';
import { mustBeLoaded } from './membership.ts';

/** `GET /prometheus/targets`: killed members stay until they are no longer kept, so that `up == 0` is seen. */
export function prometheusRoutes(app: App, rooms: Rooms): void {
  app.get(
    '/prometheus/targets',
    described({ summary: 'Prometheus http_sd: every member', tag: 'operating', answer: prometheusTargets }),
    (c) => {
      rooms.rights.mayRead(c);
      mustBeLoaded(rooms);
      const targets: PrometheusTargets = rooms.directory.planMembers().map((member) => ({
        targets: [`${member.ip.includes(':') ? `[${member.ip}]` : member.ip}:${member.port}`],
        labels: {
          instance: member.instance_id,
          location: member.location,
          instance_id: member.instance_id,
          __scheme__: member.scheme ?? 'http',
        },
      }));
      return c.json(targets);
    },
  );
}
