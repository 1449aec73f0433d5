import type { ClusterOptions, RedisOptions } from 'ioredis';

export interface Address {
  host: string;
  port: number;
}

/** Where Redis is: one server (`url`, else `host` and `port`), else Sentinels, else nodes of a Cluster. */
export interface RedisPlace {
  /** `redis://[user:password@]host[:port][/db]`, `rediss://` for TLS. Wins over the single fields. */
  url?: string;
  host?: string;
  port?: number;
  db?: number;
  username?: string;
  password?: string;
  sentinels?: readonly Address[];
  /** The name the Sentinels know the server by; `mymaster` when missing. */
  sentinelName?: string;
  sentinelPassword?: string;
  clusterNodes?: readonly Address[];
}

/** How long Redis may take to answer. Longer keeps members waiting, shorter takes a slow Redis for a dead one. */
export const answerWithinMs = 2_000;

/** Twice as long after every failure, at most 1 s, each time between half and all of it so that replicas spread. */
export function reconnectDelayMs(attempt: number, random: number): number {
  const fullMs = Math.min(1_000, 50 * 2 ** Math.min(attempt - 1, 10));
  return Math.round(fullMs * (0.5 + random / 2));
}

/** What every connection has in common: nothing is queued, nothing is sent twice, silence counts as gone. */
const connection = {
  protocol: 2,
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  connectTimeout: answerWithinMs,
  commandTimeout: answerWithinMs,
  socketTimeout: answerWithinMs,
  disconnectTimeout: 100,
  connectionName: 'netring',
} as const satisfies RedisOptions;

/** For a server that was demoted by a failover: its successor is found by connecting again. */
const reconnectOnError = (error: Error): boolean => error.message.startsWith('READONLY');

/** Replies keep the shape that Redis gives them. */
type ServerOptions = Omit<RedisOptions, 'replyMapping'>;

type Reconnect = (attempt: number) => number | null;

export function serverOptions(place: RedisPlace, retryStrategy: Reconnect): ServerOptions {
  const { sentinels, sentinelName, sentinelPassword } = place;
  const common = { ...connection, reconnectOnError, retryStrategy, lazyConnect: true };
  if (sentinels === undefined) return { ...common, ...serverOf(place) };
  return {
    ...common,
    ...accountOf(place),
    sentinels: [...sentinels],
    name: sentinelName ?? 'mymaster',
    ...(sentinelPassword === undefined ? {} : { sentinelPassword }),
    sentinelRetryStrategy: retryStrategy,
    sentinelCommandTimeout: answerWithinMs,
  };
}

export function clusterOptions(place: RedisPlace, clusterRetryStrategy: Reconnect) {
  const { db: _, ...account } = accountOf(place);
  return {
    enableOfflineQueue: false,
    lazyConnect: true,
    clusterRetryStrategy,
    slotsRefreshTimeout: answerWithinMs,
    // A call whose answer was lost may have happened: it is not made again behind the caller's back.
    retryDelayOnFailover: 0,
    maxRedirections: 4,
    redisOptions: { ...connection, ...account },
  } satisfies ClusterOptions;
}

function serverOf(place: RedisPlace): ServerOptions {
  if (place.url === undefined) {
    return { host: place.host ?? '127.0.0.1', port: place.port ?? 6379, ...accountOf(place) };
  }
  const url = parseUrl(place.url);
  const account = accountOf({
    ...place,
    ...(url.username === '' ? {} : { username: decodeURIComponent(url.username) }),
    ...(url.password === '' ? {} : { password: decodeURIComponent(url.password) }),
    ...(url.pathname.length < 2 ? {} : { db: Number(url.pathname.slice(1)) }),
  });
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const port = url.port === '' ? 6379 : Number(url.port);
  return { host, port, ...account, ...(url.protocol === 'rediss:' ? { tls: {} } : {}) };
}

function accountOf({
  db,
  username,
  password,
}: RedisPlace): Pick<RedisOptions, 'db' | 'username' | 'password'> {
  return {
    db: db ?? 0,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
  };
}

/** Never repeats the address that was given: it may hold a password. */
function parseUrl(text: string): URL {
  const wanted = 'expected redis://[user:password@]host[:port][/db], or rediss:// for TLS';
  if (!URL.canParse(text)) throw new Error(`The address of Redis is not a URL: ${wanted}.`);
  const url = new URL(text);
  const isRedis = url.protocol === 'redis:' || url.protocol === 'rediss:';
  const db = url.pathname.slice(1);
  if (!isRedis || url.hostname === '') throw new Error(`The address of Redis is of another kind: ${wanted}.`);
  if (!/^\d*$/.test(db))
    throw new Error(`The address of Redis names a database that is not a number: ${wanted}.`);
  return url;
}
