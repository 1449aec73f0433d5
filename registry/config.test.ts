import { ConfigurationError } from '@netring/service/configuration';
import { describe, expect, test } from 'vitest';
import { readRegistryConfig, storeOptions } from './config.ts';

const token = 'a-join-token-of-some-length';
const read = (environment: Record<string, string> = {}) => readRegistryConfig({ environment }).values;

const openly = (host: string) =>
  `NETRING_TOKEN: a registry that listens on ${host} needs a join token, or anybody could join: ` +
  'set it (openssl rand -hex 32), listen on 127.0.0.1, or set NETRING_INSECURE=1 in a closed lab';

describe('a registry', () => {
  test.each([
    ['without a token on loopback', {}, '127.0.0.1'],
    ['with a token on every address', { NETRING_TOKEN: token }, '0.0.0.0'],
    ['where it is told to', { NETRING_TOKEN: token, NETRING_SERVER_HOST: '192.0.2.1' }, '192.0.2.1'],
    [
      'openly when it is told that this is meant',
      { NETRING_SERVER_HOST: '0.0.0.0', NETRING_INSECURE: '1' },
      '0.0.0.0',
    ],
  ])('listens %s', (_, environment, host) => {
    expect(read(environment).serverHost).toBe(host);
  });

  test.each(['0.0.0.0', '::', '192.0.2.1', 'registry.example'])(
    'does not listen on %s without a token',
    (host) => {
      expect(() => read({ NETRING_SERVER_HOST: host })).toThrow(new ConfigurationError([openly(host)]));
    },
  );

  test('is told that it would listen openly along with everything else', () => {
    const environment = { NETRING_SERVER_HOST: '0.0.0.0', NETRING_SERVER_PORT: 'x' };
    expect(() => read(environment)).toThrow(
      /NETRING_SERVER_PORT: .*\n {2}- NETRING_TOKEN: a registry that listens/,
    );
  });

  test.each([
    ['short', 'must have at least 16 characters: make one with "openssl rand -hex 32"'],
    [
      'sixteen and more spaces',
      'must be of letters, digits and signs, without spaces: make one with "openssl rand -hex 32"',
    ],
    [
      'ümlaut-ümlaut-ümlaut',
      'must be of letters, digits and signs, without spaces: make one with "openssl rand -hex 32"',
    ],
  ])('takes no token like %j', (text, problem) => {
    expect(() => read({ NETRING_TOKEN: text })).toThrow(
      new ConfigurationError([`NETRING_TOKEN: *** is not allowed: ${problem}`]),
    );
  });
});

test.each<[string, Record<string, string>, object]>([
  ['nothing', {}, { kind: 'embedded', folder: '.netring/registry' }],
  ['a folder', { NETRING_DATA_DIR: '/data' }, { kind: 'embedded', folder: '/data' }],
  ['a host', { NETRING_REDIS_HOST: 'r' }, { kind: 'redis', host: 'r', port: 6379, db: 0 }],
  [
    'a URL, which wins',
    { NETRING_REDIS_HOST: 'r', NETRING_REDIS_URL: 'redis://u' },
    { kind: 'redis', url: 'redis://u' },
  ],
  [
    'Sentinels',
    { NETRING_REDIS_SENTINELS: 'a:1, [::1]:2', NETRING_REDIS_PASSWORD: 'p' },
    {
      kind: 'redis',
      sentinels: [
        { host: 'a', port: 1 },
        { host: '::1', port: 2 },
      ],
      sentinelName: 'mymaster',
      db: 0,
      password: 'p',
    },
  ],
  [
    'a Cluster',
    { NETRING_REDIS_CLUSTER: 'a:1,b:2' },
    {
      kind: 'redis',
      clusterNodes: [
        { host: 'a', port: 1 },
        { host: 'b', port: 2 },
      ],
    },
  ],
])('the store follows from %s', (_, environment, place) => {
  expect(storeOptions(read(environment))).toEqual(place);
});
