import {
  readConfiguration,
  type Configuration,
  type ConfigurationSources,
  type RetiredKeys,
} from '@netring/service/configuration';
import { isLoopback } from '@netring/service/loopback';
import { flag, list, number, optionalText, setting, whole, type Settings } from '@netring/service/setting';
import { logLevelSetting, serverHostSetting, tokenSetting } from '@netring/service/shared-settings';
import { tlsProblems, tlsSettings } from '@netring/service/tls-settings';
import { z } from 'zod';
import { alertSettings } from './alerts/index.ts';
import type { Address, StoreOptions } from './store/index.ts';
import { linkSettings, trafficSettings } from './traffic/index.ts';

const address = z
  .string('must be host:port')
  .regex(/^[^\s:]+:\d+$|^\[[^\]]+\]:\d+$/, 'must be host:port')
  .transform((text): Address => {
    const at = text.lastIndexOf(':');
    return { host: text.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(text.slice(at + 1)) };
  });

const token = (name: string, about: string) => tokenSetting('registry', name, about);

/** Every setting of the registry. Order and wording here are those of `config/registry.yaml`. */
export const registrySettings = {
  serverHost: serverHostSetting('registry'),
  serverPort: setting({
    yaml: 'registry.server.port',
    env: 'NETRING_SERVER_PORT',
    schema: whole(0, 65535, 'a port'),
    default: 8756,
    about: 'Port to listen on, for members, dashboard and Prometheus alike; 0 takes any free one.',
  }),
  token: token(
    'token',
    'The one secret that lets a member join, the same everywhere. Needed beyond loopback.',
  ),
  tokenPrevious: token(
    'token_previous',
    'The join token before the current one, accepted while members are moved over.',
  ),
  viewToken: token(
    'view_token',
    'Needed to read beyond loopback: dashboard, API, Prometheus. More people have it than the join token.',
  ),
  operatorToken: token(
    'operator_token',
    'Needed to change what people entered, and to ask for a trace. Unset beyond loopback: nobody can.',
  ),
  openReading: setting({
    yaml: 'registry.open_reading',
    env: 'NETRING_OPEN_READING',
    schema: flag(),
    default: false,
    about:
      'Lets everybody who reaches the port read, without a view token. For networks that only those reach who may.',
  }),
  insecure: setting({
    yaml: 'registry.insecure',
    env: 'NETRING_INSECURE',
    schema: flag(),
    default: false,
    about: 'Lets the registry listen beyond loopback without a token. For a closed lab only.',
  }),
  ...tlsSettings('registry'),
  dataDir: setting({
    yaml: 'registry.data_dir',
    env: 'NETRING_DATA_DIR',
    schema: z.string().min(1),
    default: '.netring/registry',
    about:
      'Folder of the embedded store, which is used when no Redis is configured. One registry per folder.',
  }),
  redisUrl: setting({
    yaml: 'registry.redis.url',
    env: 'NETRING_REDIS_URL',
    schema: optionalText(1024).refine(
      (text) => text === undefined || /^rediss?:\/\//.test(text),
      'must begin with redis:// or rediss://',
    ),
    default: undefined as string | undefined,
    about: 'Redis as a URL; wins over host, port, db and password.',
    secret: true,
  }),
  redisHost: setting({
    yaml: 'registry.redis.host',
    env: 'NETRING_REDIS_HOST',
    schema: optionalText(255),
    default: undefined as string | undefined,
    about: 'Host of a Redis server. Unset, and no URL: the embedded store.',
  }),
  redisPort: setting({
    yaml: 'registry.redis.port',
    env: 'NETRING_REDIS_PORT',
    schema: whole(1, 65535, 'a port'),
    default: 6379,
    about: 'Port of the Redis server; the default is its own.',
  }),
  redisDb: setting({
    yaml: 'registry.redis.db',
    env: 'NETRING_REDIS_DB',
    schema: whole(0, 1_000_000),
    default: 0,
    about: 'Number of the Redis database, where others use the same server. A Cluster has only 0.',
  }),
  redisPassword: setting({
    yaml: 'registry.redis.password',
    env: 'NETRING_REDIS_PASSWORD',
    schema: optionalText(512),
    default: undefined as string | undefined,
    about: 'Password of the Redis server, where it asks for one.',
    secret: true,
  }),
  redisSentinels: setting({
    yaml: 'registry.redis.sentinels',
    env: 'NETRING_REDIS_SENTINELS',
    schema: list(address),
    default: [] as Address[],
    about: 'Sentinels as host:port, separated by commas; they name the server to use.',
  }),
  redisSentinelName: setting({
    yaml: 'registry.redis.sentinel_name',
    env: 'NETRING_REDIS_SENTINEL_NAME',
    schema: z.string().min(1).max(128),
    default: 'mymaster',
    about: 'What the sentinels call the group of servers; the default is theirs.',
  }),
  redisCluster: setting({
    yaml: 'registry.redis.cluster',
    env: 'NETRING_REDIS_CLUSTER',
    schema: list(address),
    default: [] as Address[],
    about: 'Some nodes of a Redis Cluster as host:port, separated by commas; they name the others.',
  }),
  memberTtl: setting({
    yaml: 'registry.member_ttl',
    env: 'NETRING_MEMBER_TTL',
    schema: number(10, 86_400, 'a number of seconds'),
    default: 300,
    about:
      'Seconds of silence after which a member is offline. Shorter reports deaths sooner and flaps more.',
  }),
  cleanupInterval: setting({
    yaml: 'registry.cleanup_interval',
    env: 'NETRING_CLEANUP_INTERVAL',
    schema: number(1, 86_400, 'a number of seconds'),
    default: 60,
    about: 'Seconds between two sweeps of members that are no longer kept (offline 24 h, deregistered 1 h).',
  }),
  maxMembers: setting({
    yaml: 'registry.max_members',
    env: 'NETRING_MAX_MEMBERS',
    schema: whole(1, 100_000),
    default: 4096,
    about:
      'Members kept at most, so that a loop that registers cannot fill the store. A member costs about 200 kB of memory.',
  }),
  logLevel: logLevelSetting(
    'registry',
    'debug, info, warn or error. info tells who comes and goes, and what went wrong.',
  ),
  historyMb: setting({
    yaml: 'registry.history_mb',
    env: 'NETRING_HISTORY_MB',
    schema: whole(1, 100_000, 'a number of megabytes'),
    default: 256,
    about:
      'Megabytes that the past day of measurements may take in the store; a path takes about 1 kB an hour. Beyond it the oldest hours become coarser (5, 15, 60 minutes) before any go.',
  }),
  usualMinutes: setting({
    yaml: 'registry.usual_minutes',
    env: 'NETRING_USUAL_MINUTES',
    schema: whole(2, 1_440, 'a number of minutes'),
    default: 30,
    about:
      'Undisturbed minutes of a path until it is known what is usual on it, and it can be slower than that. Fewer know it sooner and take chance for trouble more often.',
  }),
  ...trafficSettings,
  ...linkSettings,
  ...alertSettings,
};

/** YAML keys of older files that do nothing any more. */
export const registryRetired: RetiredKeys = {};

export type RegistryConfig = Settings<typeof registrySettings> & { serverHost: string };

/**
 * The effective configuration of the registry.
 *
 * @throws ConfigurationError with all problems, also when it would listen openly without a token.
 */
export function readRegistryConfig(
  sources: ConfigurationSources,
): Omit<Configuration<typeof registrySettings>, 'values'> & { values: RegistryConfig } {
  const read = readConfiguration('registry', registrySettings, sources, registryRetired, problemsBetween);
  return { ...read, values: { ...read.values, serverHost: hostOf(read.values) } };
}

function hostOf(values: Partial<Settings<typeof registrySettings>>): string {
  return values.serverHost ?? (values.token === undefined ? '127.0.0.1' : '0.0.0.0');
}

/** What is not allowed together; a setting whose own value is wrong is absent, and was told already. */
function problemsBetween(values: Partial<Settings<typeof registrySettings>>): string[] {
  const host = hostOf(values);
  const isOpen = !isLoopback(host) && 'token' in values && values.token === undefined;
  if (!isOpen || values.insecure !== false) return tlsProblems(values);
  return [
    ...tlsProblems(values),
    `NETRING_TOKEN: a registry that listens on ${host} needs a join token, or anybody could join: ` +
      'set it (openssl rand -hex 32), listen on 127.0.0.1, or set NETRING_INSECURE=1 in a closed lab',
  ];
}

/** Hosts of the store, where it is somewhere: nobody but the registry has business with them. */
export function storeHosts(config: RegistryConfig): string[] {
  const options = storeOptions(config);
  if (options.kind === 'embedded') return [];
  const url = options.url === undefined ? [] : [new URL(options.url).hostname.replace(/^\[|\]$/g, '')];
  const nodes = [...(options.clusterNodes ?? []), ...(options.sentinels ?? [])].map(({ host }) => host);
  return [...url, ...nodes, ...(options.host === undefined ? [] : [options.host])];
}

/** Which store the configuration asks for. */
export function storeOptions(config: RegistryConfig): StoreOptions {
  const password = config.redisPassword === undefined ? {} : { password: config.redisPassword };
  if (config.redisUrl !== undefined) return { kind: 'redis', url: config.redisUrl };
  if (config.redisCluster.length > 0)
    return { kind: 'redis', clusterNodes: config.redisCluster, ...password };
  if (config.redisSentinels.length > 0) {
    return {
      kind: 'redis',
      sentinels: config.redisSentinels,
      sentinelName: config.redisSentinelName,
      db: config.redisDb,
      ...password,
    };
  }
  if (config.redisHost !== undefined) {
    return { kind: 'redis', host: config.redisHost, port: config.redisPort, db: config.redisDb, ...password };
  }
  return { kind: 'embedded', folder: config.dataDir };
}
