import { isIP } from 'node:net';
import { externalTargetId, type ExternalTarget } from '@netring/contract/member';
import type { Check } from './schedule/index.ts';

/**
 * Places, `ip:port` with brackets around IPv6, that belong to the ring: its members, and the registry where it is named by its address. External
 * targets are not among them: services of this host may call the same ones.
 */
export function ringPlaces(
  checks: readonly Check[],
  externals: readonly ExternalTarget[],
  registryUrl: string,
): ReadonlySet<string> {
  const outside = new Set(externals.map(externalTargetId));
  const members = checks
    .filter(({ id }) => !outside.has(id))
    .map(({ target }) => place(target.host, target.port));
  return new Set([...members, ...registryPlaces(registryUrl)]);
}

function registryPlaces(url: string): string[] {
  const { hostname, port, protocol } = new URL(url);
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const at = port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
  if (host === 'localhost') return [place('127.0.0.1', at), place('::1', at)];
  return isIP(host) === 0 ? [] : [place(host, at)];
}

function place(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
