import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  ConfigurationError,
  environmentOf,
  readConfiguration,
  type ConfigurationSources,
} from './configuration.ts';
import { flag, list, number, oneOf, optionalText, setting, whole } from './setting.ts';
import { z } from 'zod';

const table = {
  port: setting({
    yaml: 'registry.server.port',
    env: 'NETRING_SERVER_PORT',
    schema: whole(1, 65535, 'a port'),
    default: 8756,
    about: '',
  }),
  ttl: setting({
    yaml: 'registry.member_ttl',
    env: 'NETRING_MEMBER_TTL',
    schema: number(10, 86_400, 'a number of seconds'),
    default: 300,
    about: '',
  }),
  token: setting({
    yaml: 'registry.token',
    env: 'NETRING_TOKEN',
    schema: optionalText(64).refine(
      (text) => text === undefined || text.length >= 16,
      'must have at least 16 characters',
    ),
    default: undefined as string | undefined,
    about: '',
    secret: true,
  }),
  insecure: setting({
    yaml: 'registry.insecure',
    env: 'NETRING_INSECURE',
    schema: flag(),
    default: false,
    about: '',
  }),
  endpoints: setting({
    yaml: 'registry.endpoints',
    env: 'NETRING_HTTP_ENDPOINTS',
    schema: list(z.string().regex(/^\//, 'must begin with /')),
    default: ['/health'],
    about: '',
  }),
  level: setting({
    yaml: 'registry.log_level',
    env: 'NETRING_LOG_LEVEL',
    oldEnv: 'LOG_LEVEL',
    schema: oneOf(['debug', 'info']),
    default: 'info',
    about: '',
  }),
};

const retired = { 'registry.redis_host': 'does nothing any more' };

const read = (sources: Partial<ConfigurationSources>) =>
  readConfiguration('registry', table, { environment: {}, ...sources }, retired);

function problemsOf(sources: Partial<ConfigurationSources>): readonly string[] {
  try {
    read(sources);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
  return [];
}

const folder = new URL('testdata/', import.meta.url);

describe('a configuration file', () => {
  /** What is wrong with a file stands in its own comments: one `# problem: …` a line, or none in a file that is right. */
  test.each(readdirSync(folder).sort())('%s has the problems that it says', (name) => {
    const text = readFileSync(new URL(name, folder), 'utf8');
    const expected = [...text.matchAll(/^# problem: (.*)$/gm)].map(([, problem]) => problem);
    expect(problemsOf({ file: { name, text } })).toEqual(expected);
  });

  test('that is right is read, with the place of each value', () => {
    const text = readFileSync(new URL('right.yaml', folder), 'utf8');
    const { values, origins, warnings } = read({ file: { name: 'right.yaml', text } });
    expect(values).toEqual({
      port: 9000,
      ttl: 60.5,
      token: undefined,
      insecure: true,
      endpoints: ['/a', '/b'],
      level: 'debug',
    });
    expect(origins).toMatchObject({ port: 'right.yaml line 3, column 5', token: 'default' });
    expect(warnings).toEqual(['registry.redis_host: does nothing any more']);
  });
});

describe('a value', () => {
  const file = { name: 'r.yaml', text: 'registry: {server: {port: 4}}' };
  const all = {
    flags: { 'registry.server.port': '1' },
    environment: { NETRING_SERVER_PORT: '2' },
    dotenv: 'NETRING_SERVER_PORT=3',
    file,
  };

  test.each<[string, Partial<ConfigurationSources>, number, string]>([
    ['a flag', all, 1, 'flag'],
    ['the environment', { ...all, flags: {} }, 2, 'NETRING_SERVER_PORT'],
    ['.env', { ...all, flags: {}, environment: {} }, 3, '.env NETRING_SERVER_PORT'],
    [
      '.env, where the environment is empty',
      { ...all, flags: {}, environment: { NETRING_SERVER_PORT: '' } },
      3,
      '.env NETRING_SERVER_PORT',
    ],
    ['the file', { file }, 4, 'r.yaml line 1, column 21'],
    ['the default', {}, 8756, 'default'],
  ])('comes from %s', (_, sources, port, origin) => {
    const { values, origins } = read(sources);
    expect([values.port, origins.port]).toEqual([port, origin]);
  });

  test.each([
    ['NETRING_SERVER_PORT', '0', '"0" is not allowed: must be a port from 1 to 65535'],
    ['NETRING_SERVER_PORT', 'http', '"http" is not allowed: must be a port from 1 to 65535'],
    ['NETRING_SERVER_PORT', '80.5', '"80.5" is not allowed: must be a port from 1 to 65535'],
    ['NETRING_MEMBER_TTL', '9', '"9" is not allowed: must be a number of seconds from 10 to 86400'],
    ['NETRING_MEMBER_TTL', '5m', '"5m" is not allowed: must be a number of seconds from 10 to 86400'],
    ['NETRING_INSECURE', 'maybe', '"maybe" is not allowed: must be true or false'],
    ['NETRING_LOG_LEVEL', 'loud', '"loud" is not allowed: must be one of: debug, info'],
    ['NETRING_HTTP_ENDPOINTS', '/a,b', '"/a,b" is not allowed at 1: must begin with /'],
    ['NETRING_TOKEN', 'too-short', '*** is not allowed: must have at least 16 characters'],
  ])('of %s=%s is refused', (name, value, problem) => {
    expect(problemsOf({ environment: { [name]: value } })).toEqual([`${name}: ${problem}`]);
  });

  test.each([
    ['NETRING_INSECURE', 'YES', { insecure: true }],
    ['NETRING_INSECURE', '0', { insecure: false }],
    ['NETRING_MEMBER_TTL', ' 12.5 ', { ttl: 12.5 }],
    ['NETRING_HTTP_ENDPOINTS', '/a, /b,', { endpoints: ['/a', '/b'] }],
    ['NETRING_LOG_LEVEL', 'debug', { level: 'debug' }],
  ])('of %s=%s is understood', (name, value, values) => {
    expect(read({ environment: { [name]: value } }).values).toMatchObject(values);
  });
});

describe('the environment', () => {
  test('may not hold NETRING_ names that nobody reads', () => {
    expect(
      problemsOf({ environment: { NETRING_TOKKEN: 'x', HOME: '/' }, dotenv: 'NETRING_LOCATON=us1' }),
    ).toEqual([
      'NETRING_LOCATON: no such setting; see "netring config --help" for the names',
      'NETRING_TOKKEN: no such setting; see "netring config --help" for the names',
    ]);
  });

  test('may hold what another service reads, and what Kubernetes puts there', () => {
    const environment = {
      NETRING_LOCATION: 'us1',
      NETRING_REGISTRY_SERVICE_HOST: '10.0.0.1',
      NETRING_REGISTRY_SERVICE_PORT_HTTP: '8756',
      NETRING_REGISTRY_PORT_8756_TCP_ADDR: '10.0.0.1',
      NETRING_REGISTRY_PORT: 'tcp://10.0.0.1:8756',
    };
    expect(problemsOf({ environment })).toEqual([]);
  });

  test('is not misread where Kubernetes puts its own value under a name of ours', () => {
    const { values } = read({ environment: { NETRING_SERVER_PORT: 'tcp://10.0.0.1:8756' } });
    expect(values.port).toBe(8756);
  });

  test('may spell names as of old, with a warning; the new spelling wins', () => {
    const old = read({ environment: { LOG_LEVEL: 'debug' } });
    expect([old.values.level, old.warnings]).toEqual([
      'debug',
      ['LOG_LEVEL is an old spelling: write NETRING_LOG_LEVEL'],
    ]);
    const both = read({ environment: { LOG_LEVEL: 'debug', NETRING_LOG_LEVEL: 'info' } });
    expect([both.values.level, both.warnings]).toEqual(['info', []]);
  });

  test('stands above a .env file', () => {
    expect(environmentOf({ environment: { A: '1' }, dotenv: 'A=2\nB="3"' })).toEqual({ A: '1', B: '3' });
  });
});

test('all problems come at once, and a secret is in none of them', () => {
  const secret = 'hunter2';
  const sources: ConfigurationSources = {
    flags: { 'registry.member_ttl': 'soon' },
    environment: { NETRING_TOKEN: secret, NETRING_WHAT: '1' },
    file: { name: 'r.yaml', text: 'registry:\n  server: {prot: 1}\n  insecure: perhaps\n' },
  };
  expect(problemsOf(sources)).toEqual([
    'registry.server.prot (r.yaml line 2, column 12): no such key',
    'NETRING_WHAT: no such setting; see "netring config --help" for the names',
    'flag for registry.member_ttl: "soon" is not allowed: must be a number of seconds from 10 to 86400',
    'NETRING_TOKEN: *** is not allowed: must have at least 16 characters',
    'registry.insecure (r.yaml line 3, column 3): "perhaps" is not allowed: must be true or false',
  ]);
  expect(() => read(sources)).toThrow(/^invalid configuration:\n {2}- registry\.server\.prot/);
  expect(() => read(sources)).not.toThrow(secret);
});

test('a password inside a refused URL is not shown', () => {
  const url = setting({
    yaml: 'member.target',
    env: 'NETRING_TARGETS',
    schema: z.string().refine((text) => !text.includes('@'), 'must carry no password'),
    default: '',
    about: '',
  });
  const read = () =>
    readConfiguration(
      'member',
      { url },
      { environment: { NETRING_TARGETS: 'http://ann:hidden@shop.example/x' } },
    );
  expect(read).toThrow('NETRING_TARGETS: "http://***@shop.example/x" is not allowed: must carry no password');
  expect(read).not.toThrow('hidden');
});
