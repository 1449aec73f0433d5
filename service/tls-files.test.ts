import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ConfigurationError } from './configuration.ts';
import { makeCa, makeCertificate, opensslMissing } from './made-certificates.ts';
import { readTlsFiles } from './tls-files.ts';

const missing = opensslMissing();
const dayMs = 86_400_000;

describe.skipIf(missing !== undefined)(`the files of TLS${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let folder: string;
  const at = (name: string) => join(folder, name);
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'netring-tls-files-'));
    const ca = makeCa(folder, 'ca');
    makeCa(folder, 'other');
    makeCertificate(folder, 'node', ca, { names: 'IP:192.0.2.1', days: 90 });
    makeCertificate(folder, 'second', ca, { names: 'IP:192.0.2.2' });
    writeFileSync(at('words.txt'), 'secret words\n');
    writeFileSync(at('torn.crt'), readFileSync(at('node.crt'), 'latin1').replace(/\n.{10}/, '\n'));
    writeFileSync(
      at('both.crt'),
      readFileSync(at('other.crt'), 'latin1') + readFileSync(at('ca.crt'), 'latin1'),
    );
    const lock = [
      'pkey',
      '-in',
      at('node.key'),
      '-aes256',
      '-passout',
      'pass:secret',
      '-out',
      at('locked.key'),
    ];
    expect(spawnSync('openssl', lock).status).toBe(0);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const read = (cert?: string, key?: string, ca?: string, inDays = 0) => {
    const path = (name: string | undefined) => (name === undefined ? undefined : at(name));
    const files = { tlsCert: path(cert), tlsKey: path(key), tlsCa: path(ca) };
    return readTlsFiles(files, Date.now() + inDays * dayMs);
  };
  const problems = (...args: Parameters<typeof read>): readonly string[] => {
    try {
      read(...args);
    } catch (error) {
      if (error instanceof ConfigurationError)
        return error.problems.map((problem) => problem.replaceAll(`${folder}/`, ''));
      throw error;
    }
    return [];
  };

  test('what belongs together is taken, and tells when it ends', () => {
    const { own, ca, warnings } = read('node.crt', 'node.key', 'ca.crt');
    expect(warnings).toEqual([]);
    expect(Math.round(((own?.untilMs ?? 0) - Date.now()) / dayMs)).toBe(90);
    expect(Math.round(((ca?.untilMs ?? 0) - Date.now()) / dayMs)).toBe(365);
    expect(own?.leaf.checkIP('192.0.2.1')).toBe('192.0.2.1');
  });

  test('a CA alone is enough for who shows nothing', () => {
    expect(read(undefined, undefined, 'ca.crt').own).toBeUndefined();
  });

  test('of two CAs, as while one is replaced by the other, one is enough', () => {
    expect(read('node.crt', 'node.key', 'both.crt').warnings).toEqual([]);
  });

  test('a certificate that who believes through the CA would refuse is told', () => {
    const [warning] = read('node.crt', 'node.key', 'other.crt').warnings;
    expect(warning).toContain('is not signed by a CA in');
  });

  test.each<[string, Parameters<typeof read>, RegExp[]]>([
    ['no such file', ['gone.crt', 'node.key'], [/^NETRING_TLS_CERT: gone\.crt is not there: /]],
    ['a folder', ['.', 'node.key'], [/^NETRING_TLS_CERT: .* is a folder: /]],
    [
      'no certificate',
      ['words.txt', 'node.key'],
      [/^NETRING_TLS_CERT: words\.txt holds no certificate: it must be PEM/],
    ],
    [
      'a torn one',
      ['torn.crt', 'node.key'],
      [/^NETRING_TLS_CERT: torn\.crt holds a certificate that cannot be read/],
    ],
    ['no key', ['node.crt', 'words.txt'], [/^NETRING_TLS_KEY: words\.txt holds no private key/]],
    [
      'a locked key',
      ['node.crt', 'locked.key'],
      [/^NETRING_TLS_KEY: locked\.key is locked with a passphrase/],
    ],
    [
      'the key of another',
      ['node.crt', 'second.key'],
      [/^NETRING_TLS_KEY: second\.key is not the key of the certificate node\.crt/],
    ],
    ['no CA', ['node.crt', 'node.key', 'words.txt'], [/^NETRING_TLS_CA: words\.txt holds no certificate/]],
    [
      'an expired certificate',
      ['node.crt', 'node.key', 'ca.crt', 91],
      [/^NETRING_TLS_CERT: node\.crt has expired on \d{4}-.*: make a new/],
    ],
    [
      'one that is not valid yet',
      ['node.crt', 'node.key', 'ca.crt', -2],
      [/^NETRING_TLS_CERT: node\.crt is good only from .*clock/],
    ],
    ['an expired CA', [undefined, undefined, 'ca.crt', 366], [/^NETRING_TLS_CA: ca\.crt has expired on/]],
    [
      'all of it',
      ['gone.crt', 'words.txt', 'gone.crt'],
      [/^NETRING_TLS_CERT/, /^NETRING_TLS_KEY/, /^NETRING_TLS_CA/],
    ],
  ])('%s is told, with the file and without what is in it', (_, args, told) => {
    const found = problems(...args);
    expect(found).toHaveLength(told.length);
    told.forEach((pattern, i) => expect(found[i]).toMatch(pattern));
    expect(found.join()).not.toContain('secret');
  });
});
