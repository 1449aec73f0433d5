import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { checkServerIdentity, connect, createServer as createTlsServer } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { memberName } from '@netring/service/member-identity';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeSite, type Site } from './site.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const isRoot = process.getuid?.() === 0;
const nobody = 65_534;

let site: Site;
const others: Site[] = [];
beforeEach(async () => {
  site = await makeSite();
});
afterEach(() => [site, ...others.splice(0)].forEach((one) => one.remove()));

async function another(): Promise<Site> {
  const one = await makeSite();
  others.push(one);
  return one;
}

const first = ['--location', 'us1', '--address', '192.0.2.10'];
const next = ['--location', 'eu1', '--address', '198.51.100.10'];
const joinLine = (said: string) => /--join (\S+)/.exec(said)?.[1] ?? '';
const certificate = (one: Site, file: string) => new X509Certificate(one.read(`certs/${file}`));

describe('start.sh at the first datacenter', () => {
  test('run twice changes nothing', async () => {
    const one = await site.run('start.sh', first);
    expect([one.code, one.stderr]).toEqual([0, '']);
    const files = ['.env', 'certs/ca.key', 'certs/ca.crt', 'certs/node/node.key', 'certs/node/node.crt'];
    const before = files.map(site.read);
    expect(before.every((text) => text.length > 100)).toBe(true);
    const two = await site.run('start.sh');
    // The line is a secret, and printed once; --join-line prints it again.
    expect([two.code, joinLine(two.stdout)]).toEqual([0, '']);
    expect(two.stdout).toContain('./start.sh --join-line');
    const asked = await site.run('start.sh', ['--join-line']);
    expect(joinLine(asked.stdout)).toBe(joinLine(one.stdout));
    expect(files.map(site.read)).toEqual(before);
    expect(site.asked().filter((line) => line.endsWith('up -d'))).toHaveLength(2);
  });

  test('keeps secrets to itself, and says where the dashboard is', async () => {
    const { stdout } = await site.run('start.sh', first);
    expect(statSync(join(site.folder, '.env')).mode & 0o777).toBe(0o600);
    expect(statSync(join(site.folder, 'certs')).mode & 0o777).toBe(0o700);
    expect(site.setting('NETRING_TOKEN')).toMatch(/^[0-9a-f]{64}$/);
    expect(site.setting('NETRING_VIEW_TOKEN')).not.toBe(site.setting('NETRING_TOKEN'));
    expect(site.setting('HOST_IP')).toBe('192.0.2.10');
    expect(stdout).toContain(`Dashboard:  https://192.0.2.10:${site.ports.REGISTRY_PORT}/`);
    expect(stdout).not.toContain(site.setting('NETRING_TOKEN'));
  });

  test('without TLS there is none, and Prometheus reads without it', async () => {
    const { stdout } = await site.run('start.sh', [...first, '--no-tls']);
    expect(stdout).toContain(`http://192.0.2.10:${site.ports.REGISTRY_PORT}/`);
    expect([site.setting('TLS_CERT'), site.read('certs/ca.crt')]).toEqual([undefined, '']);
    expect(site.setting('PROMETHEUS_CONFIG')).toBe('prometheus-no-tls.yml');
  });

  test('a new join token leaves the old one valid; new certificates are of the same CA', async () => {
    await site.run('start.sh', first);
    const [token, key, ca] = [
      site.setting('NETRING_TOKEN'),
      site.read('certs/node/node.key'),
      site.read('certs/ca.crt'),
    ];
    expect((await site.run('start.sh', ['--rotate-token'])).code).toBe(0);
    expect(site.setting('NETRING_TOKEN_PREVIOUS')).toBe(token);
    expect(site.setting('NETRING_TOKEN')).not.toBe(token);
    expect(statSync(join(site.folder, '.env')).mode & 0o777).toBe(0o600);
    expect((await site.run('start.sh', ['--rotate-certs'])).code).toBe(0);
    expect(site.read('certs/node/node.key')).not.toBe(key);
    expect(site.read('certs/ca.crt')).toBe(ca);
    expect(certificate(site, 'node/node.crt').checkIssued(certificate(site, 'ca.crt'))).toBe(true);
  });
});

describe('the join line', () => {
  test('brings a datacenter in, with a certificate of its own; run twice it changes nothing', async () => {
    const line = joinLine((await site.run('start.sh', first)).stdout);
    const joined = await another();
    const ran = await joined.run('start.sh', ['--join', line, ...next]);
    expect([ran.code, ran.stderr]).toEqual([0, '']);
    expect(joined.setting('NETRING_TOKEN')).toBe(site.setting('NETRING_TOKEN'));
    expect(joined.setting('NETRING_REGISTRY_URL')).toBe(`https://192.0.2.10:${site.ports.REGISTRY_PORT}`);
    expect(joined.setting('COMPOSE_FILE')).toBe('docker-compose.member.yml');
    expect(joined.read('certs/ca.key')).toBe('');
    const before = [joined.read('.env'), joined.read('certs/node/node.crt')];
    expect((await joined.run('start.sh', ['--join', line])).code).toBe(0);
    expect((await joined.run('start.sh')).code).toBe(0);
    expect([joined.read('.env'), joined.read('certs/node/node.crt')]).toEqual(before);
    expect(await believed(joined, '198.51.100.10')).toBe('believed');
    for (const one of [site, joined])
      expect(certificate(one, 'node/node.crt').checkHost(memberName)).toBe(memberName);
  });

  test('of a new token is followed, and the old one stays', async () => {
    const line = joinLine((await site.run('start.sh', first)).stdout);
    const joined = await another();
    await joined.run('start.sh', ['--join', line, ...next]);
    const old = site.setting('NETRING_TOKEN');
    const newer = joinLine((await site.run('start.sh', ['--rotate-token'])).stdout);
    const before = joined.read('certs/node/node.crt');
    expect((await joined.run('start.sh', ['--join', newer])).code).toBe(0);
    expect(joined.setting('NETRING_TOKEN')).toBe(site.setting('NETRING_TOKEN'));
    expect(joined.setting('NETRING_TOKEN_PREVIOUS')).toBe(old);
    expect(joined.read('certs/node/node.crt')).toBe(before);
  });

  test('makes no certificate that passes for the registry', async () => {
    const line = joinLine((await site.run('start.sh', first)).stdout);
    const joined = await another();
    await joined.run('start.sh', ['--join', line, ...next]);
    // Whoever has the line may say anything about the own address.
    const forged = joined.read('.env').replace('HOST_IP=198.51.100.10', 'HOST_IP=192.0.2.10');
    joined.replace('forge', `#!/bin/sh\ncat >"${joined.folder}/.env" <<'E'\n${forged}\nE\n`);
    await joined.run('../bin/forge');
    expect((await joined.run('start.sh', ['--rotate-certs'])).code).toBe(0);
    expect(certificate(joined, 'node/node.crt').subjectAltName).toContain('192.0.2.10');
    expect(await believed(joined, '192.0.2.10')).toMatch(/excluded subtree|violation/i);
    expect(await believed(site, '192.0.2.10')).toBe('believed');
  });

  test('cut short is refused; at the first datacenter it is of no use', async () => {
    const line = joinLine((await site.run('start.sh', first)).stdout);
    const joined = await another();
    const short = await joined.run('start.sh', ['--join', line.slice(0, 200), ...next]);
    expect([short.code, short.stderr]).toEqual([2, expect.stringContaining('a part of it is missing')]);
    expect(joined.read('.env')).toBe('');
    const itself = await site.run('start.sh', ['--join', line]);
    expect([itself.code, itself.stderr]).toEqual([
      1,
      expect.stringContaining('this is the first datacenter'),
    ]);
  });
});

describe('what is in the way is said, with what to do', () => {
  test.each<[string, (one: Site) => void, string]>([
    [
      'no docker',
      (one) => one.without('docker'),
      'Docker is not installed: on Debian and Ubuntu, apt-get install',
    ],
    [
      'no compose',
      (one) => one.without('docker-compose'),
      'Compose is not: on Debian and Ubuntu, apt-get install',
    ],
    [
      'docker that does not run',
      (one) => one.dockerDoesNotRun(),
      'Docker does not run: systemctl start docker',
    ],
    [
      'no openssl',
      (one) => one.without('openssl'),
      'openssl is not installed: apt-get install openssl, or --no-tls',
    ],
  ])('%s', async (_, breakIt, said) => {
    breakIt(site);
    const ran = await site.run('start.sh', first);
    expect([ran.code, ran.stderr]).toEqual([1, expect.stringContaining(said)]);
    expect(site.read('.env')).toBe('');
  });

  test('no address', async () => {
    site.without('ip');
    site.replace('hostname', '#!/bin/sh\n[ "$1" = -s ] && echo box\n');
    const ran = await site.run('start.sh');
    expect([ran.code, ran.stderr]).toEqual([1, expect.stringContaining('with --address')]);
    expect(site.read('.env')).toBe('');
    expect((await site.run('start.sh', ['--address', '192.0.2.10'])).code).toBe(0);
    expect(site.setting('NETRING_LOCATION')).toBe('box');
  });

  test('a taken port', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const environment = { REGISTRY_PORT: String(port) };
    const taken = await site.run('start.sh', first, { environment });
    expect([taken.code, taken.stderr]).toEqual([1, expect.stringContaining(`port ${port}/tcp is taken`)]);
    expect(taken.stderr).toContain('REGISTRY_PORT=<port>');
    expect(site.read('.env')).toBe('');
    server.close();
    await once(server, 'close');
    expect((await site.run('start.sh', first, { environment })).stdout).toContain(
      `https://192.0.2.10:${port}/`,
    );
  });

  test('a folder that cannot be written to', async () => {
    // Root may write anywhere.
    const ran = await site.run('start.sh', first, isRoot ? { uid: nobody } : {});
    if (!isRoot) return expect(ran.code).toBe(0);
    expect([ran.code, ran.stderr]).toEqual([1, expect.stringContaining('cannot be written to')]);
  });

  test.each<[string[], string]>([
    [['--what'], 'unknown option --what'],
    [['--join'], '--join needs a value'],
    [['--location', 'a b'], '--location may have letters'],
    [['--address', 'here'], '--address must be an address'],
    [['--address', '10.0.0.300'], '--address must be an address'],
    [['--address', '2001:db8::10'], 'Give an IPv4 address, or run Netring there without containers'],
    [['--join', 'nonsense'], 'this is no line that start.sh printed'],
  ])('%j', async (args, said) => {
    const ran = await site.run('start.sh', args);
    expect([ran.code, ran.stderr]).toEqual([2, expect.stringContaining(said)]);
  });
});

describe('stop.sh', () => {
  test('leaves with a goodbye, and forgets only when told', async () => {
    expect((await site.run('stop.sh')).stderr).toContain('nothing was started here');
    await site.run('start.sh', first);
    expect((await site.run('stop.sh')).code).toBe(0);
    expect(site.asked().at(-1)).toBe('docker-compose down');
    expect(site.setting('NETRING_TOKEN')).toBeDefined();
    expect((await site.run('stop.sh', ['--forget'])).code).toBe(0);
    expect(site.asked().at(-1)).toBe('docker-compose down --volumes');
    expect(site.read('.env') + site.read('certs/ca.crt')).toBe('');
  });
});

const linter = spawnSync('which', ['shellcheck']).status === 0 ? '' : ' (skipped: it needs shellcheck)';

test.skipIf(linter !== '')(`shellcheck finds nothing in the scripts${linter}`, () => {
  const folders = ['deployment', 'deployment/lib', 'docker', 'k8s'];
  const scripts = folders.flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith('.sh'))
      .map((name) => join(folder, name)),
  );
  const { stdout } = spawnSync('shellcheck', ['-x', ...scripts], { cwd: root, encoding: 'utf8' });
  expect(stdout).toBe('');
});

/** Whether somebody who knows only the CA believes a site's certificate for an address. */
async function believed(one: Site, address: string): Promise<string> {
  const read = (file: string) => one.read(`certs/node/${file}`);
  const server = createTlsServer({ cert: read('node.crt'), key: read('node.key') });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const socket = connect({
    host: '127.0.0.1',
    port,
    ca: read('ca.crt'),
    checkServerIdentity: (_, shown) => checkServerIdentity(address, shown),
  });
  const outcome = await new Promise<string>((resolve) => {
    socket.once('secureConnect', () => resolve('believed'));
    socket.once('error', (error: Error) => resolve(error.message));
  });
  socket.destroy();
  server.close();
  return outcome;
}
