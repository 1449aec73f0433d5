import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AlertsAnswer, Silence } from '@netring/contract/alert';
import type { EnteredAnswer, EnteredFile } from '@netring/contract/entered';
import type { watcherCreated } from '@netring/contract/link';
import type { z } from 'zod';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { call } from './call.ts';
import { startRegistry, type RunningRegistry } from './start-registry.ts';
import { buildNetring, runNetring } from '../start/built-netring.ts';

type WatcherCreated = z.infer<typeof watcherCreated>;

const operator = 'the-operator-token-of-a-test';
const viewer = 'the-view-token-of-a-test';
const environment = {
  NETRING_OPERATOR_TOKEN: operator,
  NETRING_VIEW_TOKEN: viewer,
  NETRING_WATCHER_ALLOW: '127.0.0.0/8',
};

const running: RunningRegistry[] = [];
afterEach(async () => {
  for (const registry of running.splice(0)) await registry.stop();
});

async function start(): Promise<string> {
  const registry = await startRegistry({ environment });
  running.push(registry);
  return registry.url;
}

const ask = (url: string, path: string, body?: object, method?: string) =>
  call(url, path, { bearer: operator, body, ...(method !== undefined && { method }) });
const exported = async (url: string, query = '') =>
  (await ask(url, `/api/entered${query}`)).json as EnteredFile;
const put = async (url: string, file: object) => {
  const { status, json } = await ask(url, '/api/entered', file);
  expect(status).toBe(200);
  return json as EnteredAnswer;
};

/** A silence, a maintenance window, two places on the map and a watcher. */
async function enter(url: string): Promise<{ silence: Silence; watcher: WatcherCreated }> {
  const body = { matcher: { location: 'eu1' }, duration_ms: 3_600_000, comment: 'new uplink', author: 'ann' };
  const silence = (await ask(url, '/api/silences', body)).json as Silence;
  await ask(url, '/api/silences', { ...body, kind: 'maintenance', matcher: { rule: 'loss' } });
  const positions = { 'us1/orders': { x: 3, y: 1, pinned: true }, 'area:us1': { x: 40.5, y: -2 } };
  expect((await ask(url, '/topology/positions', { positions }, 'PUT')).status).toBe(200);
  const watcher = (await ask(url, '/topology/watchers', { url: 'http://127.0.0.1:9/hook', nodes: ['a'] }))
    .json as WatcherCreated;
  return { silence, watcher };
}

describe('what people entered', () => {
  test('goes from one registry to another, whole, and a second time changes nothing', async () => {
    const [from, to] = [await start(), await start()];
    const { silence, watcher } = await enter(from);
    const file = await exported(from, '?secrets=1');
    expect(file).toMatchObject({ netring: 'entered', version: 1 });
    expect(file.watchers[0]).toMatchObject({ id: watcher.id, secret: watcher.secret });
    const counts = { silences: 2, positions: 2, watchers: 1 };
    const nothing = { silences: 0, positions: 0, watchers: 0 };
    expect(await put(to, file)).toEqual({ taken: counts, unchanged: nothing, refused: [], secrets: [] });
    expect(await put(to, file)).toEqual({ taken: nothing, unchanged: counts, refused: [], secrets: [] });
    const there = (await ask(to, '/api/alerts')).json as AlertsAnswer;
    expect(there.silences).toContainEqual(silence);
    const { exported_ms: _, ...kept } = await exported(to, '?secrets=1');
    expect(kept).toEqual({
      netring: 'entered',
      version: 1,
      silences: file.silences,
      positions: expect.arrayContaining(file.positions) as unknown,
      watchers: file.watchers,
    });
  });

  test('is for operators only, and without secrets unless they are asked for', async () => {
    const url = await start();
    await enter(url);
    for (const bearer of [undefined, viewer]) {
      expect((await call(url, '/api/entered', { bearer })).status).toBe(401);
      const body = { netring: 'entered', version: 1 };
      expect((await call(url, '/api/entered', { bearer, body })).status).toBe(401);
    }
    const file = await exported(url);
    expect(file.watchers).toHaveLength(1);
    expect(JSON.stringify(file)).not.toContain('secret');
    // One that is there keeps its own; a new one gets a secret, which is told once.
    expect((await put(url, file)).unchanged.watchers).toBe(1);
    const other = await start();
    const { secrets } = await put(other, file);
    expect(secrets).toHaveLength(1);
    expect((await exported(other, '?secrets=1')).watchers[0]?.secret).toBe(secrets[0]?.secret);
  });

  test('a bad record is refused by itself, with its reason; nothing that is there is lost', async () => {
    const url = await start();
    const { silence } = await enter(url);
    const good = { id: 'eu1/payments', x: 1, y: 2 };
    const answer = await put(url, {
      netring: 'entered',
      version: 1,
      silences: [
        { ...silence, id: 'aabbccdd', matcher: {} },
        { ...silence, id: 'aabbccde', from_ms: 0, to_ms: 1 },
        'nonsense',
      ],
      positions: [{ ...good, x: 'left' }, good],
      watchers: [{ id: 'f'.repeat(32), url: 'http://169.254.169.254/', created_ms: 1 }],
    });
    expect(answer.taken).toEqual({ silences: 0, positions: 1, watchers: 0 });
    expect(answer.refused.map(({ list, index }) => `${list} ${index}`)).toEqual([
      'silences 0',
      'silences 1',
      'silences 2',
      'positions 0',
      'watchers 0',
    ]);
    for (const { reason } of answer.refused) expect(reason).toBeTruthy();
    const file = await exported(url);
    expect([file.silences.length, file.positions.length, file.watchers.length]).toEqual([2, 3, 1]);
  });

  test('a file of another version is refused as a whole', async () => {
    const url = await start();
    for (const body of [{ version: 1 }, { netring: 'entered', version: 2 }]) {
      const { status, json } = await ask(url, '/api/entered', body);
      expect(status).toBe(400);
      expect(JSON.stringify(json)).toMatch(/netring export|another version/);
    }
  });
});

describe('netring export and import', () => {
  let folder: string;
  beforeAll(buildNetring, 240_000);
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'netring-entered-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('a file, and back again; refused records end it with 1', async () => {
    const [from, to] = [await start(), await start()];
    await enter(from);
    const run = (url: string, ...args: string[]) =>
      runNetring([...args, '--registry', url], { folder, environment: { NETRING_OPERATOR_TOKEN: operator } });
    const out = await run(from, 'export', '--secrets', '--out', 'kept.json');
    expect(out).toMatchObject({ code: 0, stdout: '2 silences, 2 positions, 1 watchers in kept.json\n' });
    const into = await run(to, 'import', 'kept.json');
    expect(into).toMatchObject({ code: 0, stderr: '' });
    expect(into.stdout).toContain('silences: 2 taken, 0 unchanged');
    const file = JSON.parse(await readFile(join(folder, 'kept.json'), 'utf8')) as EnteredFile;
    await writeFile(join(folder, 'bad.json'), JSON.stringify({ ...file, positions: [{ id: 'x' }] }));
    const bad = await run(to, 'import', 'bad.json');
    expect(bad.code).toBe(1);
    expect(bad.stderr).toContain('positions[0]: x: is missing');
    expect(bad.stdout).toContain('silences: 0 taken, 2 unchanged');
    await writeFile(join(folder, 'other.json'), '{"some":"thing"}');
    const other = await run(to, 'import', 'other.json');
    expect(other).toMatchObject({ code: 1, stdout: '' });
    expect(other.stderr).toContain('not a file of netring export');
  });

  test('a silence tells who entered it', async () => {
    const url = await start();
    const ran = await runNetring(
      ['silence', '--location', 'eu1', '--for', '1h', '--comment', 'x', '--author', 'ann', '--registry', url],
      { folder, environment: { NETRING_OPERATOR_TOKEN: operator } },
    );
    expect(ran.code).toBe(0);
    expect((await exported(url)).silences[0]?.author).toBe('ann');
  });
});
