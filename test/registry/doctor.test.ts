import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { redisUnavailableReason, startRedis } from '../redis/index.ts';
import { joinToken, startRegistry, type RunningRegistry } from './start-registry.ts';
import { buildNetring, runNetring } from '../start/built-netring.ts';

interface Finding {
  check: string;
  outcome: string;
  said: string;
  todo?: string;
}

const viewToken = 'the-view-token-of-a-test';
const noRedis = redisUnavailableReason();
const why = noRedis === undefined ? '' : ` (skipped: ${noRedis})`;
const wrongToken = 'another-join-token-altogether';

let folder: string;
let registry: RunningRegistry;
beforeAll(buildNetring, 240_000);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netring-doctor-'));
  registry = await startRegistry({ environment: { NETRING_VIEW_TOKEN: viewToken } });
});
afterAll(async () => {
  await registry.stop();
  await rm(folder, { recursive: true });
});

/** What `netring doctor --json` finds, by check; and how it ended. */
async function doctor(environment: Record<string, string>, ...args: string[]) {
  const ran = await runNetring(['doctor', '--json', ...args], { folder, environment });
  const told = JSON.parse(ran.stdout) as { ok: boolean; places: { role: string; findings: Finding[] }[] };
  const findings = new Map(told.places.flatMap((one) => one.findings.map((found) => [found.check, found])));
  expect(ran.stdout + ran.stderr).not.toMatch(new RegExp([joinToken, wrongToken, viewToken].join('|')));
  expect(told.ok).toBe(ran.code === 0);
  for (const { outcome, todo } of findings.values())
    if (outcome === 'problem' || outcome === 'warning') expect(todo).toBeTruthy();
  return { code: ran.code, findings, roles: told.places.map(({ role }) => role) };
}

function memberHere(): Record<string, string> {
  return {
    NETRING_LOCATION: 'us1',
    NETRING_REGISTRY_URL: registry.url,
    NETRING_TOKEN: joinToken,
    NETRING_SERVER_HOST: '127.0.0.1',
    NETRING_SERVER_PORT: '0',
  };
}

describe('at a member', () => {
  test('all well: the registry by stages, both tokens, the address, the clock, the ports', async () => {
    const { code, findings, roles } = await doctor({
      ...memberHere(),
      NETRING_VIEW_TOKEN: viewToken,
    });
    expect(roles).toEqual(['member']);
    for (const check of [
      'Node version',
      'registry: name',
      'registry: TCP',
      'registry: HTTP',
      'registry: ready',
      'join token',
      'view token',
      'own address',
      'clock',
    ])
      expect(findings.get(check), check).toMatchObject({ outcome: 'ok' });
    expect([...findings.keys()].filter((check) => check.startsWith('port '))).toHaveLength(2);
    // Nobody was registered by being looked at.
    expect(findings.get('as others see it')).toMatchObject({ outcome: 'warning' });
    expect(code).toBe(0);
  });

  test('a registry that is not there, and one that is something else', async () => {
    const nobody = await doctor({
      ...memberHere(),
      NETRING_REGISTRY_URL: 'http://127.0.0.1:1',
    });
    expect(nobody.code).toBe(1);
    expect(nobody.findings.get('registry: TCP')).toMatchObject({ outcome: 'problem' });
    expect(nobody.findings.has('join token')).toBe(false);
    const other = createServer((_, response) => response.writeHead(404).end('not here'));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    const stranger = await doctor({ ...memberHere(), NETRING_REGISTRY_URL: url });
    other.closeAllConnections();
    await new Promise((resolve) => other.close(resolve));
    expect(stranger.findings.get('registry: TCP')).toMatchObject({ outcome: 'ok' });
    expect(stranger.findings.get('registry: HTTP')).toMatchObject({ outcome: 'problem' });
  });

  test('settings that cannot be read are all told, a taken port too', async () => {
    await writeFile(join(folder, 'member.yaml'), 'member:\n  checks:\n    tcp_timeout: soon\n');
    const { code, findings, roles } = await doctor({}, 'member.yaml');
    expect(roles).toEqual(['member']);
    expect(code).toBe(1);
    expect(findings.get('settings')).toMatchObject({ outcome: 'problem' });
    const taken = await doctor({ ...memberHere(), NETRING_SERVER_PORT: String(registry.port) });
    expect(taken.findings.get(`port ${registry.port}/tcp`)).toMatchObject({
      outcome: 'problem',
      todo: expect.stringContaining('NETRING_SERVER_PORT') as string,
    });
  });

  test('for people: a line for each check, and what to do about a wrong token', async () => {
    const environment = { ...memberHere(), NETRING_TOKEN: wrongToken };
    const { code, stdout } = await runNetring(['doctor'], { folder, environment });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^problem +join token +the registry does not accept/m);
    expect(stdout).toMatch(/^ +→ set it to the registry's own/m);
    expect(stdout).toMatch(/1 problem/);
  });
});

describe('at a registry', () => {
  test('with the embedded store, whose folder can be written', async () => {
    const { code, findings, roles } = await doctor({
      NETRING_DATA_DIR: join(folder, 'store'),
      NETRING_SERVER_PORT: String(registry.port),
      NETRING_SERVER_HOST: '127.0.0.1',
    });
    expect(roles).toEqual(['registry']);
    expect(code).toBe(0);
    expect(findings.get('embedded store')?.outcome).toMatch(/ok|warning/);
    // The one of this test runs there.
    expect(findings.get(`port ${registry.port}/tcp`)?.said).toContain('held by a registry');
    expect(findings.get('registry: ready')).toMatchObject({ outcome: 'ok' });
  });

  test.skipIf(noRedis)(
    `on a Redis that evicts and keeps nothing, and on one that is gone${why}`,
    async () => {
      const redis = await startRedis({ configuration: ['maxmemory 100mb', 'maxmemory-policy allkeys-lru'] });
      const here = { NETRING_SERVER_PORT: '0', NETRING_REDIS_URL: redis.url };
      const unfit = await doctor(here);
      expect(unfit.code).toBe(1);
      expect(unfit.findings.get('Redis: reachable')).toMatchObject({ outcome: 'ok' });
      expect(unfit.findings.get('Redis: memory policy')).toMatchObject({ outcome: 'problem' });
      expect(unfit.findings.get('Redis: persistence')).toMatchObject({ outcome: 'warning' });
      await redis.ask('CONFIG SET maxmemory-policy noeviction');
      await redis.ask('CONFIG SET appendonly yes');
      const fit = await doctor(here);
      expect(fit.findings.get('Redis: memory policy')).toMatchObject({ outcome: 'ok' });
      expect(fit.findings.get('Redis: persistence')).toMatchObject({ outcome: 'ok' });
      expect(fit.code).toBe(0);
      await redis.stop();
      const gone = await doctor(here);
      expect(gone.code).toBe(1);
      expect(gone.findings.get('Redis: reachable')).toMatchObject({ outcome: 'problem' });
    },
  );

  test.skipIf(noRedis)(`a password that is wrong, which is never shown${why}`, async () => {
    const password = 'never-to-be-seen-of-redis';
    const redis = await startRedis({ configuration: [`requirepass ${password}`], password });
    const environment = { NETRING_REDIS_HOST: '127.0.0.1', NETRING_REDIS_PORT: String(redis.port) };
    const without = await doctor(environment);
    expect(without.findings.get('Redis: reachable')).toMatchObject({
      outcome: 'problem',
      todo: expect.stringContaining('NETRING_REDIS_PASSWORD') as string,
    });
    const ran = await runNetring(['doctor'], {
      folder,
      environment: { ...environment, NETRING_REDIS_PASSWORD: password },
    });
    expect(ran.stdout).toContain('answers');
    expect(ran.stdout + ran.stderr).not.toContain(password);
    await redis.stop();
  });
});
