import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildNetring, runNetring } from './built-netring.ts';
import { freePort } from '../redis/free-port.ts';

let folder: string;
beforeAll(buildNetring, 240_000);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netring-cli-'));
  await writeFile(
    join(folder, 'member.yaml'),
    'member:\n  location: us1\n  checks:\n    tcp_timeout: soon\n',
  );
});
afterAll(() => rm(folder, { recursive: true }));

test.each([
  [['--version'], 0, /^\d+\.\d+\.\d+\n$/],
  [['--help'], 0, /Usage: netring/],
  [['config', '--help'], 0, /NETRING_CHECK_INTERVAL {2}member\.intervals\.check_interval {2}\(5\)/],
  [['config', 'registry'], 0, /registry\.server\.port +8756 +default/],
  [['no-such-command'], 2, /unknown command 'no-such-command'/],
  [['members', '--no-such-flag'], 2, /unknown option '--no-such-flag'/],
  [['up', '--port', 'x'], 2, /whole number from 1 to 65535/],
  [['registry', 'missing.yaml'], 2, /missing\.yaml: there is no such file/],
  [['registry', 'one.yaml', '--config', 'two.yaml'], 2, /two configuration files/],
  [['member', 'member.yaml'], 2, /member\.checks\.tcp_timeout \(member\.yaml line 4, column 5\): "soon"/],
  [['rules'], 0, /alert: NetringConnectivityDown/],
  [['rules', '--check', 'member.yaml'], 1, /member\.yaml has other rules than this configuration/],
  [['rules', '--check', 'missing.yml'], 1, /missing\.yml cannot be read/],
  [['members', '--registry', 'x'], 2, /x is not a registry's address/],
] as const)('netring %j ends with %d and says why', async (args, code, said) => {
  const ran = await runNetring(args, { folder });
  expect(ran.stdout + ran.stderr).toMatch(said);
  expect(ran.code).toBe(code);
});

test('all that is wrong is listed, without a stack', async () => {
  const environment = {
    NETRING_CHECK_INTERVALL: '5',
    NETRING_SERVER_PORT: 'http',
    NETRING_POLL_INTERVAL: '-1',
  };
  const ran = await runNetring(['member'], { folder, environment });
  expect(ran.code).toBe(2);
  for (const name of [...Object.keys(environment), 'NETRING_LOCATION'])
    expect(ran.stderr).toContain(`- ${name}:`);
  expect(ran.stderr).not.toMatch(/^\s+at /m);
});

test('a registry that is not there is a failure that says what to do', async () => {
  const url = `http://127.0.0.1:${await freePort()}`;
  const ran = await runNetring(['members', '--registry', url], { folder });
  expect(ran).toMatchObject({ code: 1, stdout: '' });
  expect(ran.stderr).toContain(`the registry at ${url} cannot be reached: ECONNREFUSED`);
});

test('secrets never appear in what "netring config" prints', async () => {
  const environment = { NETRING_TOKEN: 'never-to-be-seen-on-a-screen' };
  for (const format of [[], ['--json']]) {
    const ran = await runNetring(['config', 'registry', ...format], { folder, environment });
    expect(ran.code).toBe(0);
    expect(ran.stdout).not.toContain(environment.NETRING_TOKEN);
    expect(ran.stdout).toContain('***');
  }
});
