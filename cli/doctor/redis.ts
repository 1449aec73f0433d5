import type { RedisAbout } from '@netring/registry/store/index';
import { ok, problem, warning, type Finding } from './finding.ts';

/** Whether a Redis is fit to be the store. One call for each server that holds data. */
export function judgeRedis(about: RedisAbout): Finding[] {
  const at = `Redis ${about.address}`;
  return [
    version(about, at),
    role(about, at),
    memory(about, at),
    persistence(about, at),
    evictions(about, at),
  ].flat();
}

function version({ version: text, pingMs }: RedisAbout, at: string): Finding[] {
  const [major = 0, minor = 0] = text.split('.').map(Number);
  if (major < 6 || (major === 6 && minor < 2))
    return [problem('Redis: version', `${at} is ${text}`, 'use 6.2 or newer')];
  return [ok('Redis: reachable', `${at} of version ${text} answers (${pingMs.toFixed(1)} ms)`)];
}

function role({ role: is }: RedisAbout, at: string): Finding[] {
  if (is === 'master') return [];
  return [
    problem(
      'Redis: role',
      `${at} is a replica and takes no writes`,
      'name the master, or its Sentinels (NETRING_REDIS_SENTINELS)',
    ),
  ];
}

function memory({ policy, maxBytes, usedBytes }: RedisAbout, at: string): Finding[] {
  const check = 'Redis: memory policy';
  const todo = 'set "maxmemory-policy noeviction" (CONFIG SET, and in redis.conf)';
  if (policy === undefined)
    return [warning(check, `${at} does not tell its policy`, 'make sure that it is noeviction')];
  if (policy !== 'noeviction') {
    const said = `${at} has ${policy}: an evicted key is a lost member or a lost silence`;
    return [
      maxBytes > 0 ? problem(check, said, todo) : warning(check, `${said}, once a maxmemory is set`, todo),
    ];
  }
  const share = maxBytes > 0 ? usedBytes / maxBytes : 0;
  if (share > 0.9)
    return [
      problem(
        'Redis: memory',
        `${at} uses ${megabytes(usedBytes)} of ${megabytes(maxBytes)}: when it is full, nothing is taken any more`,
        'raise maxmemory, or lower NETRING_HISTORY_MB and NETRING_TRAFFIC_MB',
      ),
    ];
  const limit = maxBytes > 0 ? `of ${megabytes(maxBytes)}` : 'without a limit';
  return [ok(check, `noeviction; ${megabytes(usedBytes)} used ${limit}`)];
}

function persistence({ appendOnly, savePoints, lastWriteFailed }: RedisAbout, at: string): Finding[] {
  const check = 'Redis: persistence';
  const todo = 'set "appendonly yes" with "appendfsync everysec"';
  if (lastWriteFailed)
    return [
      problem(
        check,
        `${at} failed to write its data to disk`,
        'look at its log, and at the free space and rights of its folder',
      ),
    ];
  if (appendOnly) return [ok(check, 'an append-only file')];
  if (savePoints === undefined)
    return [warning(check, `${at} has no append-only file, and does not tell its snapshots`, todo)];
  if (savePoints === '')
    return [
      warning(
        check,
        `${at} keeps nothing: members come back by themselves after a restart, history does not`,
        todo,
      ),
    ];
  return [
    warning(
      check,
      `${at} writes snapshots only (${savePoints}): a restart loses what came since the last one`,
      todo,
    ),
  ];
}

function evictions({ evictedKeys }: RedisAbout, at: string): Finding[] {
  if (evictedKeys === 0) return [];
  return [
    warning(
      'Redis: evictions',
      `${at} has evicted ${evictedKeys} keys since it started`,
      'give it more memory, and noeviction',
    ),
  ];
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(bytes < 10_000_000 ? 1 : 0)} MB`;
}
