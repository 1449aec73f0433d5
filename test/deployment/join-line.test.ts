import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeSite, type Site } from './site.ts';

// What a join line may carry, and how it comes in.

let site: Site;
let joined: Site;
let line: string;
beforeEach(async () => {
  [site, joined] = await Promise.all([makeSite(), makeSite()]);
  line = printed((await site.run('start.sh', ['--location', 'us1', '--address', '192.0.2.10'])).stdout);
});
afterEach(() => [site, joined].forEach((one) => one.remove()));

const printed = (said: string) => /--join (\S+)/.exec(said)?.[1] ?? '';
const place = ['--location', 'eu1', '--address', '198.51.100.10'];
const changed = (change: (text: string) => string) =>
  gzipSync(change(gunzipSync(Buffer.from(line, 'base64')).toString())).toString('base64');

test('is read from standard input, bare or with the words that it was printed with', async () => {
  for (const input of [line, `./start.sh --join ${line}\n`]) {
    const ran = await joined.run('start.sh', ['--join', '-', ...place], { input });
    expect([ran.code, ran.stderr]).toEqual([0, '']);
    expect(joined.setting('NETRING_TOKEN')).toBe(site.setting('NETRING_TOKEN'));
    await joined.run('stop.sh', ['--forget']);
  }
  const nothing = await joined.run('start.sh', ['--join', '-', ...place]);
  expect([nothing.code, nothing.stderr]).toEqual([2, expect.stringContaining('there was none')]);
});

test('carries tokens that start.sh did not make', async () => {
  site.change('NETRING_TOKEN', 'kq0+W4/5Zr7Tn8zN1Jw2u3E9cVbX6yLs0aHdGfKjMpQ=');
  site.change('NETRING_VIEW_TOKEN', 'view+of/somebody=made@hand~');
  line = printed((await site.run('start.sh', ['--join-line'])).stdout);
  expect((await joined.run('start.sh', ['--join', line, ...place])).code).toBe(0);
  for (const name of ['NETRING_TOKEN', 'NETRING_VIEW_TOKEN', 'NETRING_REGISTRY_URL'])
    expect(joined.setting(name)).toBe(site.setting(name));
});

describe('that does not hold all it must is refused, and nothing is written', () => {
  test.each<[string, (text: string) => string, string]>([
    ['an empty token', (text) => text.replace(/^NETRING_TOKEN=.*$/m, 'NETRING_TOKEN='), 'no NETRING_TOKEN'],
    [
      'a token that Compose would change',
      (text) => text.replace(/^(NETRING_TOKEN=).*$/m, '$1a$$b'),
      'no NETRING_TOKEN',
    ],
    ['no registry', (text) => text.replace(/^NETRING_REGISTRY_URL=.*\n/m, ''), 'no NETRING_REGISTRY_URL'],
    [
      'one on IPv6',
      (text) => text.replace(/https:\/\/.*/, 'https://[2001:db8::1]:8756'),
      'the registry is at 2001:db8::1, of IPv6',
    ],
    [
      'no key that signs',
      (text) => text.replace(/-----BEGIN PRIVATE[^]*PRIVATE KEY-----\n/, ''),
      'but not sites.key',
    ],
  ])('%s', async (_, change, said) => {
    const ran = await joined.run('start.sh', ['--join', changed(change), ...place]);
    expect([ran.code, ran.stderr]).toEqual([said.includes('IPv6') ? 1 : 2, expect.stringContaining(said)]);
    expect(joined.read('.env')).toBe('');
  });
});
