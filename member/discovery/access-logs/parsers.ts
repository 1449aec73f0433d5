import type { LogFormat } from './access-log-source.ts';
import type { LineParser } from './access-record.ts';
import { caddy } from './caddy.ts';
import type { Ends } from './ends.ts';
import { envoy } from './envoy.ts';
import { nginxCombined } from './nginx-combined.ts';
import { nginxJson } from './nginx-json.ts';
import type { RequestIds } from './request-ids.ts';
import { traefikClf } from './traefik-clf.ts';
import { traefikJson } from './traefik-json.ts';

/** How a format is read, and how its proxy is called where nothing better is known. */
export interface Format {
  parser: (ends: Ends, ids: RequestIds) => LineParser;
  service: string;
  /** What the format cannot tell, as sentences. */
  losses: readonly string[];
}

/** A new format is a file, and a line here. */
export const formats: Readonly<Record<LogFormat, Format>> = {
  'traefik-json': { parser: traefikJson, service: 'traefik', losses: [] },
  'traefik-clf': {
    parser: traefikClf,
    service: 'traefik',
    losses: [
      'This format has no time and no status of the backend, and its caller may be whom a trusted proxy named; the JSON format has all of it.',
    ],
  },
  envoy: {
    parser: envoy,
    service: 'envoy',
    losses: ["Envoy's default text does not tell who asked; Istio's text and JSON do."],
  },
  nginx: {
    parser: nginxCombined,
    service: 'nginx',
    losses: [
      'combined has no durations and nothing behind the proxy; docs/access-logs.md has a format with both.',
    ],
  },
  'nginx-json': { parser: nginxJson, service: 'nginx', losses: [] },
  caddy: {
    parser: caddy,
    service: 'caddy',
    losses: ['Caddy does not tell which backend it asked; sockets do.'],
  },
};
