import { readdirSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { ConfigurationError } from '@netring/service/configuration';
import { describe, expect, it } from 'vitest';
import { readMemberConfig } from './config.ts';

const folder = new URL('./config-examples/', import.meta.url);
const token = '0123456789abcdef';

/** Reads a configuration that is set by the environment alone. */
function fromEnvironment(environment: Record<string, string>) {
  return readMemberConfig({ environment: { NETRING_LOCATION: 'us1', ...environment } });
}

function problemsOf(read: () => unknown): readonly string[] {
  try {
    read();
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
  return [];
}

describe('example files', () => {
  const files = readdirSync(folder).filter((name) => name.endsWith('.yaml') || name.endsWith('.broken'));

  it.each(files)('%s', (name) => {
    const text = readFileSync(new URL(name, folder), 'utf8');
    // The first comment lines say what is expected: every problem, or every warning, as it is told.
    const said = (kind: string) =>
      text
        .split('\n')
        .flatMap((line) => (line.startsWith(`# ${kind}: `) ? [line.slice(kind.length + 4)] : []));
    const read = () => readMemberConfig({ environment: {}, file: { name, text } });
    expect(problemsOf(read)).toEqual(said('problem'));
    if (said('problem').length === 0) expect(read().warnings).toEqual(said('warning'));
  });
});

describe('the configuration of a member', () => {
  it('needs nothing but a location', () => {
    const { values } = fromEnvironment({});
    expect(values).toMatchObject({
      location: 'us1',
      instanceId: `us1-${hostname()}`,
      registryUrl: 'http://localhost:8756',
      pollIntervalS: 30,
      checkIntervalS: 5,
      heartbeatIntervalS: 15,
      reportIntervalS: 2,
      serverHost: '127.0.0.1',
      serverPort: 8757,
      tcpTimeoutS: 2,
      httpTimeoutS: 5,
      httpEndpoints: ['/health'],
      targets: [],
      outboxMinutes: 10,
      logLevel: 'info',
    });
  });

  it('listens to everybody once it has a token', () => {
    expect(fromEnvironment({ NETRING_TOKEN: token }).values.serverHost).toBe('0.0.0.0');
  });

  it.each([
    [{ NETRING_SERVER_HOST: '0.0.0.0' }, 1],
    [{ NETRING_SERVER_HOST: '10.0.0.1' }, 1],
    [{ NETRING_SERVER_HOST: '::' }, 1],
    [{ NETRING_SERVER_HOST: '0.0.0.0', NETRING_INSECURE: '1' }, 0],
    [{ NETRING_SERVER_HOST: '0.0.0.0', NETRING_TOKEN: token }, 0],
    [{ NETRING_SERVER_HOST: '127.0.0.1' }, 0],
    [{ NETRING_SERVER_HOST: '127.9.9.9' }, 0],
    [{ NETRING_SERVER_HOST: 'localhost' }, 0],
    [{ NETRING_SERVER_HOST: '::1' }, 0],
  ])('refuses to listen openly without a token: %j', (environment, count) => {
    expect(problemsOf(() => fromEnvironment(environment))).toHaveLength(count);
  });

  it('tells all problems at once', () => {
    const problems = problemsOf(() =>
      readMemberConfig({
        environment: {
          NETRING_SERVER_PORT: 'eighty',
          NETRING_SERVER_HOST: '0.0.0.0',
          NETRING_LOCTION: 'us1',
          NETRING_ADVERTISE_IP: 'env:NODE_IP',
          NETRING_TARGETS: 'ftp://x',
        },
      }),
    );
    const names = problems.map((problem) => problem.split(':')[0]).sort();
    expect(names).toEqual([
      'NETRING_ADVERTISE_IP',
      'NETRING_LOCATION',
      'NETRING_LOCTION',
      'NETRING_SERVER_PORT',
      'NETRING_TARGETS',
      'NETRING_TOKEN',
    ]);
  });

  it('reads the old spellings, with a warning', () => {
    const { values, warnings } = readMemberConfig({
      environment: { MEMBER_LOCATION: 'eu1', REGISTRY_URL: 'http://registry:8756/', LOG_LEVEL: 'WARNING' },
    });
    expect(values).toMatchObject({ location: 'eu1', registryUrl: 'http://registry:8756', logLevel: 'warn' });
    expect(warnings).toHaveLength(3);
  });

  it.each([
    [{}, undefined],
    [{ EXTERNAL_IP: '192.0.2.5' }, '192.0.2.5'],
    [{ EXTERNAL_IP: '192.0.2.5', PUBLIC_IP: '192.0.2.4' }, '192.0.2.4'],
    [{ PUBLIC_IP: '192.0.2.4', POD_IP: '192.0.2.3' }, '192.0.2.3'],
    [{ POD_IP: '192.0.2.3', HOST_IP: '192.0.2.2' }, '192.0.2.2'],
    [{ HOST_IP: '192.0.2.2', NETRING_ADVERTISE_IP: '192.0.2.1' }, '192.0.2.1'],
    [{ HOST_IP: '192.0.2.2', NETRING_ADVERTISE_IP: 'auto' }, '192.0.2.2'],
    [{ HOST_IP: '192.0.2.2', NETRING_ADVERTISE_IP: 'env:NODE_IP', NODE_IP: '2001:db8::1' }, '2001:db8::1'],
  ])('takes the address it is told: %j', (environment: Record<string, string>, address) => {
    expect(fromEnvironment(environment).values.advertiseIp).toBe(address);
  });

  it('gives the probe process no secret', () => {
    const { values } = fromEnvironment({
      NETRING_TOKEN: token,
      NODE_EXTRA_CA_CERTS: '/ca.pem',
      PATH: '/bin',
    });
    expect(values.probeEnvironment).toEqual({ NODE_EXTRA_CA_CERTS: '/ca.pem' });
  });
});
