import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { version } from '@netring/service/version';
import { parse } from 'yaml';
import { describe, expect, test } from 'vitest';

const run = promisify(execFile);
const deployment = fileURLToPath(new URL('../../deployment/', import.meta.url));
const files = [
  'docker-compose.yml',
  'docker-compose.member.yml',
  'docker-compose.discovery.yml',
  'test-docker-compose.yml',
  'demo-traefik/docker-compose.yml',
  'demo-traefik/docker-compose.second.yml',
] as const;

interface Service {
  image: string;
  command?: string[];
  cap_drop?: string[];
  cap_add?: string[];
  read_only?: boolean;
  network_mode?: string;
  pid?: string;
  security_opt?: string[];
  environment?: Record<string, string>;
  volumes?: string[];
}
interface ComposeFile {
  services: Record<string, Service>;
}

const read = (file: string) =>
  parse(readFileSync(deployment + file, 'utf8'), { merge: true }) as ComposeFile & Record<string, unknown>;

/** What docker-compose makes of a file, with these variables and no others. */
async function understood(file: string, environment: Record<string, string>): Promise<ComposeFile> {
  const options = { cwd: dirname(deployment + file), env: { PATH: process.env.PATH, ...environment } };
  const { stdout } = await run('docker-compose', ['-f', basename(file), 'config'], options);
  return parse(stdout) as ComposeFile;
}

const needed = {
  NETRING_TOKEN: 'a-token-of-a-test',
  NETRING_LOCATION: 'us1',
  NETRING_REGISTRY_URL: 'http://192.0.2.10:8756',
};
const reason =
  spawnSync('which', ['docker-compose']).status === 0 ? '' : ' (skipped: it needs docker-compose)';

describe.skipIf(reason !== '')(`docker-compose 1.29${reason}`, () => {
  test.each(files)('understands %s', async (file) => {
    const { services } = await understood(file, needed);
    expect(Object.keys(services).sort()).toEqual(Object.keys(read(file).services).sort());
  });

  test('wants a token, and says what to do; nothing else is needed', async () => {
    await expect(understood('docker-compose.yml', {})).rejects.toThrow('set it or run ./start.sh');
    const { services } = await understood('docker-compose.yml', {
      NETRING_TOKEN: 'a-token-of-a-test',
      HOST_IP: '192.0.2.10',
    });
    expect(services.member?.environment).toMatchObject({
      HOST_IP: '192.0.2.10',
      NETRING_REGISTRY_URL: 'http://registry:8756',
    });
    // Alertmanager has the rules: what the registry could deliver itself is off.
    expect(services.registry?.environment).toMatchObject({
      NETRING_ALERTMANAGER_URLS: '',
      NETRING_ALERT_WEBHOOK_URLS: '',
    });
  });
});

test('Prometheus does not begin without the right to read, and says what to set', () => {
  const [script = ''] = read('docker-compose.yml').services.prometheus?.command ?? [];
  const { status, stderr } = spawnSync('sh', ['-c', script.replaceAll('$$', '$')], {
    env: {},
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([1, expect.stringContaining('set NETRING_VIEW_TOKEN')]);
});

test.each(['registry', 'member'])(
  'the image of the %s is labelled with this version, unless another is said',
  (name) => {
    const dockerfile = readFileSync(`${deployment}../docker/Dockerfile.${name}`, 'utf8');
    expect(dockerfile).toContain(`\nARG VERSION=${version}\n`);
  },
);

// Compose v2 warns of `version`, and 1.29 does not know `name`.
test.each(files)('%s has no key that only one Compose knows', (file) => {
  const keys = Object.keys(read(file)).filter((key) => !key.startsWith('x-'));
  expect(keys.filter((key) => !['services', 'networks', 'volumes'].includes(key))).toEqual([]);
});

const ours = files.flatMap((file) =>
  Object.entries(read(file).services)
    .filter(([, { image }]) => image.startsWith('netring-'))
    .map(([name, service]): [string, string, Service] => [file, name, service]),
);

test.each(ours)('%s: %s may do what it must, and no more', (file, name, service) => {
  expect([service.read_only, service.cap_drop]).toEqual([true, ['ALL']]);
  const isDiscovery = name === 'discovery';
  const measures = service.image.includes('member') && !isDiscovery && !file.startsWith('demo');
  expect(service.cap_add ?? []).toEqual(
    measures ? ['NET_RAW'] : isDiscovery ? ['SYS_PTRACE', 'DAC_READ_SEARCH'] : [],
  );
  expect([service.network_mode, service.pid]).toEqual(
    isDiscovery ? ['host', 'host'] : [undefined, undefined],
  );
});
