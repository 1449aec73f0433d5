import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCa, makeCertificate, opensslMissing, type MadePair } from '@netring/service/made-certificates';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { examineTlsFiles, judgeNames } from './certificates.ts';
import { judgeStages } from './judge-registry.ts';
import { stagesTo } from './registry-stages.ts';

const day = 86_400_000;

const missing = opensslMissing();
const why = missing === undefined ? '' : ` (skipped: ${missing})`;

describe.skipIf(missing)(`certificates${why}`, () => {
  let folder: string;
  let ca: MadePair;
  let stranger: MadePair;
  let own: MadePair;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'netring-doctor-tls-'));
    ca = makeCa(folder, 'ca');
    stranger = makeCa(folder, 'stranger');
    own = makeCertificate(folder, 'own', ca, { names: 'IP:127.0.0.1,DNS:localhost' });
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const examined = (files: Partial<Record<'cert' | 'key' | 'ca', string>>, inDays = 0) =>
    examineTlsFiles({ cert: files.cert, key: files.key, ca: files.ca }, Date.now() + inDays * day).map(
      ({ outcome, check }) => `${outcome} ${check}`,
    );

  test('that fit one another, and for how long', () => {
    const files = { ...own, ca: ca.cert };
    expect(examined(files)).toEqual(['ok CA certificate', 'ok own certificate', 'ok own key']);
    expect(examined(files, 75)).toContain('warning own certificate');
    expect(examined(files, 91)).toContain('problem own certificate');
  });

  test('that do not: another key, another CA, no file, no PEM', () => {
    expect(examined({ cert: own.cert, key: stranger.key })).toContain('problem own key');
    expect(examined({ ...own, ca: stranger.cert })).toContain('problem own certificate');
    expect(examined({ cert: join(folder, 'missing.crt') })).toEqual(['problem own certificate']);
    const broken = join(folder, 'broken.crt');
    writeFileSync(broken, 'Replace this file');
    expect(examined({ ca: broken })).toEqual(['problem CA certificate']);
    expect(examined({ cert: own.cert, key: broken })).toContain('problem own key');
  });

  test('that a service does not start with: not valid yet, a key that is locked', () => {
    expect(examined(own, -30)).toEqual(['problem own certificate']);
    const locked = join(folder, 'locked.key');
    const { status } = spawnSync('openssl', [
      ...['pkey', '-in', own.key, '-out', locked],
      ...['-aes256', '-passout', 'pass:secret'],
    ]);
    expect(status).toBe(0);
    expect(examined({ cert: own.cert, key: locked })).toEqual(['problem own key']);
  });

  test('that bear the address of a member, the name of any, or neither', () => {
    const any = makeCertificate(folder, 'any', ca, { names: 'DNS:member.netring' });
    const names = (pair: MadePair, ip: string) => judgeNames({ ...pair, ca: undefined }, ip)[0]?.outcome;
    expect(names(own, '127.0.0.1')).toBe('ok');
    expect(names(own, '192.0.2.7')).toBe('problem');
    expect(names(any, '192.0.2.7')).toBe('ok');
    expect(judgeNames({ cert: undefined, key: undefined, ca: undefined }, '192.0.2.7')).toEqual([]);
  });

  test('of a registry: trusted, of an unknown CA, for another name, and none at all', async () => {
    const health = {
      status: 'healthy',
      version: '0.1.0',
      component: 'registry',
      timestamp: Date.now() / 1000,
    };
    const server = createServer({ cert: readFileSync(own.cert), key: readFileSync(own.key) }, (_, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(health)),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const to = async (url: string, trusted: MadePair) => {
      const stages = await stagesTo(new URL(url), readFileSync(trusted.cert, 'utf8'));
      return judgeStages(stages, Date.now()).map(({ outcome, check }) => `${outcome} ${check}`);
    };
    const fine = ['ok registry: name', 'ok registry: TCP'];
    const rest = ["ok registry's certificate", 'ok registry: HTTP', 'ok clock'];
    expect(await to(`https://127.0.0.1:${port}`, ca)).toEqual([...fine, 'ok registry: TLS', ...rest]);
    expect(await to(`https://127.0.0.1:${port}`, stranger)).toEqual([
      ...fine,
      'problem registry: TLS',
      ...rest,
    ]);
    const http = await to(`http://127.0.0.1:${port}`, ca);
    expect(http.slice(0, 3)).toEqual([...fine, 'problem registry: HTTP']);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
});
