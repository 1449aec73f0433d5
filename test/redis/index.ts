import { spawnSync } from 'node:child_process';

export type { Redis, RedisSettings } from './redis-server.ts';
export type { SentinelSetup } from './groups-of-servers.ts';
export { startCluster, startSentinelSetup } from './groups-of-servers.ts';
export { startRedis } from './redis-server.ts';

/** Why no Redis can be started here, to skip a test by its reason; `undefined` when one can. */
export function redisUnavailableReason(): string | undefined {
  const found = spawnSync('redis-server', ['--version'], { encoding: 'utf8' });
  if (found.error === undefined && found.status === 0) return undefined;
  return 'redis-server is not installed (Debian: apt-get install redis-server)';
}
