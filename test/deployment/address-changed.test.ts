import { X509Certificate } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeSite, type Site } from './site.ts';

// Another HOST_IP in .env than the one that certificates were made for; and files of certs/ that are missing.

let site: Site;
let joined: Site;
let line: string;
beforeEach(async () => {
  [site, joined] = await Promise.all([makeSite(), makeSite()]);
  const ran = await site.run('start.sh', ['--location', 'us1', '--address', '192.0.2.10']);
  expect([ran.code, ran.stderr]).toEqual([0, '']);
  line = joinLine(ran.stdout);
});
afterEach(() => [site, joined].forEach((one) => one.remove()));

const joinLine = (said: string) => /--join (\S+)/.exec(said)?.[1] ?? '';
const joinIt = () =>
  joined.run('start.sh', ['--join', line, '--location', 'eu1', '--address', '198.51.100.10']);
const names = (one: Site) => new X509Certificate(one.read('certs/node/node.crt')).subjectAltName;
const text = (one: Site, file: string) =>
  execFileSync('openssl', ['x509', '-noout', '-text', '-in', join(one.folder, 'certs', file)], {
    encoding: 'utf8',
  });

describe('another address', () => {
  test('of the first datacenter: certificates and URL follow, and the others get a line', async () => {
    await joinIt();
    const ca = site.read('certs/ca.crt');
    site.change('HOST_IP', '192.0.2.11');
    const ran = await site.run('start.sh');
    expect([ran.code, ran.stderr]).toEqual([0, '']);
    expect(site.read('certs/ca.crt')).toBe(ca);
    expect(names(site)).toContain('192.0.2.11');
    expect(names(site)).not.toContain('192.0.2.10');
    expect(text(site, 'sites.crt')).toContain('IP:192.0.2.11/255.255.255.255');
    const url = `https://192.0.2.11:${site.ports.REGISTRY_PORT}`;
    expect(site.setting('NETRING_REGISTRY_URL')).toBe(url);
    expect((await joined.run('start.sh', ['--join', joinLine(ran.stdout)])).code).toBe(0);
    expect(joined.setting('NETRING_REGISTRY_URL')).toBe(url);
    expect(joined.read('certs/sites.crt')).toBe(site.read('certs/sites.crt'));
    const before = site.read('certs/node/node.crt');
    expect((await site.run('start.sh')).code).toBe(0);
    expect(site.read('certs/node/node.crt')).toBe(before);
  });

  test('is followed by new certificates that were asked for, too', async () => {
    site.change('HOST_IP', '192.0.2.11');
    expect((await site.run('start.sh', ['--rotate-certs'])).code).toBe(0);
    expect(names(site)).toContain('192.0.2.11');
    expect(text(site, 'sites.crt')).toContain('IP:192.0.2.11/255.255.255.255');
    expect(site.setting('NETRING_REGISTRY_URL')).toContain('https://192.0.2.11:');
  });

  test('where the URL names something else, it stays', async () => {
    const url = 'https://netring.example.com:8756';
    site.change('NETRING_REGISTRY_URL', url);
    site.change('HOST_IP', '192.0.2.11');
    expect((await site.run('start.sh')).code).toBe(0);
    expect(site.setting('NETRING_REGISTRY_URL')).toBe(url);
    expect(names(site)).toContain('192.0.2.11');
  });

  test('of a joined one: its certificate follows', async () => {
    await joinIt();
    joined.change('HOST_IP', '198.51.100.11');
    expect((await joined.run('start.sh')).code).toBe(0);
    expect(names(joined)).toContain('198.51.100.11');
  });

  test('leaves a certificate that somebody brought as it is', async () => {
    const folder = join(site.folder, 'certs/node');
    const files = ['-keyout', join(folder, 'node.key'), '-out', join(folder, 'node.crt')];
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    execFileSync('openssl', ['req', '-x509', ...key, '-subj', '/CN=brought', ...files], { stdio: 'ignore' });
    const brought = site.read('certs/node/node.crt');
    site.change('HOST_IP', '192.0.2.11');
    expect((await site.run('start.sh')).code).toBe(0);
    expect(site.read('certs/node/node.crt')).toBe(brought);
  });

  test('that is none is refused, with where it stands', async () => {
    site.change('HOST_IP', '192.0.2.300');
    const ran = await site.run('start.sh');
    expect([ran.code, ran.stderr]).toEqual([
      1,
      expect.stringMatching(/HOST_IP=192\.0\.2\.300 in .* is no address/),
    ]);
  });
});

describe('what signs', () => {
  test('for the others is made again where it is missing', async () => {
    site.write('certs/sites.crt', undefined);
    const without = await site.run('start.sh', ['--join-line']);
    expect([without.code, without.stderr]).toEqual([
      1,
      expect.stringContaining('certs/sites.crt is not there'),
    ]);
    expect((await site.run('start.sh')).code).toBe(0);
    line = joinLine((await site.run('start.sh', ['--join-line'])).stdout);
    expect((await joinIt()).code).toBe(0);
  });

  test('is named where it is missing, with what to do', async () => {
    await joinIt();
    joined.write('certs/sites.key', undefined);
    const there = await joined.run('start.sh', ['--rotate-certs']);
    expect([there.code, there.stderr]).toEqual([1, expect.stringContaining('certs/sites.key is not there')]);
    site.write('certs/ca.key', undefined);
    const here = await site.run('start.sh', ['--rotate-certs']);
    expect([here.code, here.stderr]).toEqual([1, expect.stringContaining('certs/ca.key is not there')]);
    // Only who signs needs it.
    expect((await site.run('start.sh')).code).toBe(0);
  });

  test('and is of no use: what openssl says is told', async () => {
    const before = site.read('certs/node/node.crt');
    site.write('certs/ca.key', 'nonsense');
    const ran = await site.run('start.sh', ['--rotate-certs']);
    expect([ran.code, ran.stderr]).toEqual([
      1,
      expect.stringMatching(/openssl x509 failed[^]*certs\/ca\.key/),
    ]);
    expect(site.read('certs/node/node.crt')).toBe(before);
  });
});
