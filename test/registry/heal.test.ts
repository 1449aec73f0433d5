import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { openStore } from '@netring/registry/store/index';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { redisUnavailableReason, startRedis, type Redis } from '../redis/index.ts';
import { startRegistry, type RegistrySetup, type RunningRegistry } from './start-registry.ts';
import { join, members, overview, paths, type TestMember } from './test-member.ts';

const reason = redisUnavailableReason();
const skipped = reason === undefined ? '' : ` (skipped: ${reason})`;

interface Place {
  setup: RegistrySetup;
  end(): Promise<void>;
}

async function inFolder(): Promise<Place> {
  const folder = await mkdtemp(joinPath(tmpdir(), 'netring-heal-'));
  return { setup: { folder }, end: () => rm(folder, { recursive: true }) };
}

async function onRedis(): Promise<Place & { redis: Redis }> {
  const redis = await startRedis();
  return { setup: { redisUrl: redis.url }, redis, end: () => redis.stop() };
}

let place: Place;
let registry: RunningRegistry;
afterEach(async () => {
  await registry.stop();
  await place.end();
});

async function ringOfTwo(): Promise<[TestMember, TestMember]> {
  const ann = await join(registry.url, 'ann', { location: 'us1', port: 1001 });
  const bob = await join(registry.url, 'bob', { location: 'eu1', port: 1002 });
  await seeEachOther(ann, bob);
  return [ann, bob];
}

async function seeEachOther(ann: TestMember, bob: TestMember): Promise<void> {
  expect((await ann.report({ bob: 'ok' })).status).toBe(200);
  expect((await bob.report({ ann: 'timeout' })).status).toBe(200);
  await shown();
}

const shown = () =>
  vi.waitFor(
    async () => {
      const { location_paths } = await overview(registry.url);
      expect(location_paths.map(({ source, state }) => [source, state])).toEqual([
        ['us1', 'ok'],
        ['eu1', 'down'],
      ]);
    },
    { timeout: 60_000, interval: 20 },
  );

/** Without what passes by itself. */
async function pathsNow() {
  const { location_paths, member_paths } = await paths(registry.url);
  return { location_paths, member_paths };
}

describe.each([
  ['the embedded store', inFolder, ''],
  ['Redis', onRedis, skipped],
] as const)('a registry on %s', (_, setUp, why) => {
  beforeEach(async () => {
    place = await setUp();
    registry = await startRegistry(place.setup);
  });

  test.skipIf(why !== '')(`has the same paths, members and sessions after a restart${why}`, async () => {
    const [ann] = await ringOfTwo();
    const before = await pathsNow();
    const beforeMembers = await members(registry.url);
    await registry.stop();
    registry = await startRegistry(place.setup);
    await shown();
    expect(await pathsNow()).toEqual(before);
    expect(await members(registry.url)).toEqual(beforeMembers);
    expect((await ann.heartbeat(registry.url)).status).toBe(200);
  });

  test.skipIf(why !== '')(`calls nobody stale for the minute in which it was down${why}`, async () => {
    await ringOfTwo();
    await registry.store.table.put('seen', 'bob', String(Date.now() - 400_000));
    await registry.stop();
    await leaveAsAfter(60_000);
    registry = await startRegistry(place.setup);
    const statuses = (await members(registry.url)).map(({ instance_id, status }) => [instance_id, status]);
    expect(statuses).toEqual([
      ['ann', 'online'],
      ['bob', 'offline'],
    ]);
  });
});

/** Moves what the store knows of times into the past, as a registry that was down finds it. */
async function leaveAsAfter(ms: number): Promise<void> {
  const { folder, redisUrl } = place.setup;
  const store = await openStore(
    redisUrl === undefined ? { kind: 'embedded', folder } : { kind: 'redis', url: redisUrl },
  );
  for (const [group, key] of [
    ['seen', 'ann'],
    ['listening', 'at'],
  ] as const) {
    const atMs = Number((await store.table.get(group, key))?.toString());
    await store.table.put(group, key, String(atMs - ms));
  }
  await store.close();
}

describe.skipIf(reason !== undefined)(`a registry whose Redis is emptied${skipped}`, () => {
  let redis: Redis;
  beforeEach(async () => {
    const on = await onRedis();
    ({ redis } = on);
    place = on;
    registry = await startRegistry(place.setup);
  });

  test('is whole again as soon as its members are back', async () => {
    const [ann] = await ringOfTwo();
    await redis.flush();
    expect((await ann.heartbeat()).status).toBe(404);
    expect((await ann.report({ bob: 'ok' })).status).toBe(404);
    const again = await ringOfTwo();
    expect((await members(registry.url)).map(({ instance_id, status }) => [instance_id, status])).toEqual([
      ['ann', 'online'],
      ['bob', 'online'],
    ]);
    expect((await again[0].heartbeat()).status).toBe(200);
  });

  test('forgets members that do not come back', async () => {
    await ringOfTwo();
    await redis.flush();
    await vi.waitFor(async () => expect(await members(registry.url)).toEqual([]), 60_000);
    await vi.waitFor(async () => expect((await overview(registry.url)).location_paths).toEqual([]), 60_000);
  });
});
