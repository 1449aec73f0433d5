import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeSite, type Site } from './site.ts';

// Where a datacenter was started before: what start.sh and stop.sh change then, and what they leave alone.

let site: Site;
let before: string;
beforeEach(async () => {
  site = await makeSite();
  await startFirst('--no-tls');
});
afterEach(() => site.remove());

const first = ['--location', 'us1', '--address', '192.0.2.10'];
async function startFirst(...more: string[]): Promise<void> {
  const ran = await site.run('start.sh', [...first, ...more]);
  expect([ran.code, ran.stderr]).toEqual([0, '']);
  before = site.read('.env');
}
const testProject = 'docker-compose -p netring-test -f test-docker-compose.yml';

describe('--test', () => {
  test('is a project of its own, beside the datacenter', async () => {
    expect((await site.run('start.sh', ['--test'])).code).toBe(0);
    expect(site.asked().at(-1)).toBe(`${testProject} up -d`);
    expect((await site.run('stop.sh', ['--test'])).code).toBe(0);
    expect(site.asked().at(-1)).toBe(`${testProject} down --volumes`);
    expect(site.read('.env')).toBe(before);
  });

  test('wants its port free, but for what holds it itself', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const options = { environment: { REGISTRY_PORT: String(port) } };
    const taken = await site.run('start.sh', ['--test'], options);
    expect([taken.code, taken.stderr]).toEqual([1, expect.stringContaining(`port ${port}/tcp is taken`)]);
    // A container of this project runs.
    const running = 'case $* in "-p netring-test"*"ps -q") echo 1b2c ;; esac';
    site.replace('docker-compose', `#!/bin/sh\n${running}\n`);
    const again = await site.run('start.sh', ['--test'], options);
    expect([again.code, again.stdout]).toEqual([0, expect.stringContaining(`http://localhost:${port}/`)]);
    server.close();
    await once(server, 'close');
  });
});

test('what stands in .env is not overruled by the shell; which files are read is', async () => {
  const told = 'echo "${NETRING_TOKEN-none} ${MEMBER_PORT-none} $COMPOSE_FILE $OTHER"';
  site.replace('docker-compose', `#!/bin/sh\n${told} >>"$ASKED"\n`);
  const environment = { NETRING_TOKEN: 'of-another-ring', COMPOSE_FILE: 'a.yml', OTHER: 'kept' };
  expect((await site.run('start.sh', [], { environment })).code).toBe(0);
  expect(site.asked().at(-1)).toBe('none none a.yml kept');
});

test('a rotation that fails, however often, keeps the token that all others have', async () => {
  site.replace('docker-compose', '#!/bin/sh\nexit 1\n');
  for (const _ of ['once', 'twice']) {
    const ran = await site.run('start.sh', ['--rotate-token']);
    expect([ran.code, ran.stderr]).toEqual([1, expect.stringContaining('is the one of before')]);
  }
  expect(site.read('.env').split('\n').sort()).toEqual(before.split('\n').sort());
});

test('deciding otherwise than the first time is refused, with what to write', async () => {
  const refused = async (...args: string[]) => {
    const ran = await site.run('start.sh', args);
    expect([ran.code, ran.stderr]).toEqual([2, expect.stringContaining('was started with')]);
    return ran.stderr;
  };
  await site.run('stop.sh', ['--forget']);
  await startFirst();
  await refused('--no-tls');
  await refused('--location', 'us2');
  expect(await refused('--address', '192.0.2.11')).toContain(
    `NETRING_REGISTRY_URL=${site.setting('NETRING_REGISTRY_URL')}`,
  );
  expect(await refused('--discover')).toMatch(
    /^ {2}COMPOSE_FILE=docker-compose\.yml:docker-compose\.discovery\.yml\n {2}DISCOVERY_INSTANCE_ID=us1-.*-discovery$/m,
  );
  expect(await refused('--no-monitoring')).toMatch(/^ {2}START_SERVICES=registry redis member$/m);
  expect(site.read('.env')).toBe(before);
});

test('what was decided is no contradiction: discovery without monitoring', async () => {
  const args = ['--address', '192.0.2.10', '--no-tls', '--discover', '--no-monitoring'];
  await site.run('stop.sh', ['--forget']);
  expect((await site.run('start.sh', args)).code).toBe(0);
  expect(site.setting('START_SERVICES')).toBe('registry redis member discovery');
  expect((await site.run('start.sh', args)).code).toBe(0);
});

describe('files that Prometheus and Alertmanager have mounted', () => {
  /** Docker, where the one ran through `up` and the other was made anew by it. */
  function replaceDocker(): void {
    site.replace(
      'docker-compose',
      `#!/bin/sh
echo "docker-compose $*" >>"$ASKED"
case $* in
  'up -d'*) touch "$ASKED.up" ;;
  'ps -q prometheus') echo kept ;;
  'ps -q alertmanager') if [ -e "$ASKED.up" ]; then echo new; else echo old; fi ;;
esac
`,
    );
    site.replace(
      'docker',
      `#!/bin/sh
[ "$1 $2" != 'compose version' ] || exit 1
case $1 in
  version) echo 20.10.24 ;;
  inspect) for last; do :; done; echo "$last 2026-01-01T00:00:00Z" ;;
  *) echo "docker $*" >>"$ASKED" ;;
esac
`,
    );
  }

  test('are read again by what ran before; what was just made has read them', async () => {
    replaceDocker();
    const ran = await site.run('start.sh');
    expect([ran.code, ran.stderr]).toEqual([0, '']);
    const asked = site.asked();
    expect(asked.filter((line) => line.startsWith('docker kill'))).toEqual(['docker kill -s HUP kept']);
    expect(asked.indexOf('docker-compose up -d')).toBeLessThan(asked.indexOf('docker kill -s HUP kept'));
  });
});

test('without TLS the folder of certificates is there before Docker would make it, as root', async () => {
  site.replace('docker-compose', '#!/bin/sh\n[ "$1" != up ] || [ -d certs/node ] || exit 1\n');
  await site.run('stop.sh', ['--forget']);
  expect(existsSync(join(site.folder, 'certs'))).toBe(false);
  await startFirst('--no-tls');
  expect((await site.run('stop.sh', ['--forget'])).code).toBe(0);
});
