import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { listenToEvents, type EventStream } from './event-stream.ts';
import { startRegistry, type RunningRegistry } from './start-registry.ts';
import { join, overview } from './test-member.ts';

let registry: RunningRegistry;
const listening: EventStream[] = [];
beforeEach(async () => {
  registry = await startRegistry();
});
afterEach(async () => {
  for (const stream of listening.splice(0)) stream.close();
  await registry.stop();
});

async function listen(lastEventId?: string): Promise<EventStream> {
  const stream = await listenToEvents(registry.url, lastEventId);
  listening.push(stream);
  return stream;
}

const soon = <T>(look: () => T | Promise<T>) => vi.waitFor(look, { timeout: 60_000, interval: 10 });

test('a listener gets a snapshot first, then what changes, and a tick every five seconds', async () => {
  const stream = await listen();
  await soon(() => expect(stream.events[0]?.name).toBe('snapshot'));
  const ann = await join(registry.url, 'ann', { location: 'us1', port: 1 });
  await join(registry.url, 'bob', { location: 'eu1', port: 2 });
  await ann.report({ bob: 'ok' });
  await soon(() => expect(stream.named('tick')).not.toHaveLength(0));
  await soon(() => {
    const told = stream.named('members').flatMap(({ data }) => data['members'] as { instance_id: string }[]);
    expect(new Set(told.map(({ instance_id }) => instance_id))).toEqual(new Set(['ann', 'bob']));
    const last = stream.named('paths').at(-1)?.data['location_paths'] as { source: string; state: string }[];
    expect(last.map(({ source, state }) => [source, state])).toContainEqual(['us1', 'ok']);
  });
  expect(stream.named('snapshot')).toHaveLength(1);
});

test('a change is on the stream within a second', async () => {
  const ann = await join(registry.url, 'ann', { location: 'us1', port: 1 });
  await join(registry.url, 'bob', { location: 'eu1', port: 2 });
  await ann.report({ bob: 'ok' });
  const stream = await listen();
  await soon(() => expect(stream.events).not.toHaveLength(0));
  /** How long until the stream tells the next change of state. */
  const change = async (outcome: 'ok' | 'timeout', state: string) => {
    const before = stream.events.length;
    const changedAtMs = performance.now();
    await ann.report({ bob: outcome });
    return soon(() => {
      const later = stream.events.slice(before).filter(({ name }) => name === 'paths');
      const told = later.find(({ data }) => JSON.stringify(data).includes(`"state":"${state}"`));
      expect(told).toBeDefined();
      return (told?.atMs ?? Infinity) - changedAtMs;
    });
  };
  // Of a machine that stands still meanwhile this says nothing: up to five times, then.
  const tookMs: number[] = [];
  while (tookMs.length < 5 && !tookMs.some((one) => one < 1_000)) {
    tookMs.push(await change('timeout', 'down'));
    if ((tookMs.at(-1) ?? 0) >= 1_000) await change('ok', 'ok');
  }
  expect(Math.min(...tookMs)).toBeLessThan(1_000);
});

test('a member that says goodbye, and its paths, are told at once', async () => {
  await join(registry.url, 'ann', { location: 'us1', port: 1 });
  const bob = await join(registry.url, 'bob', { location: 'eu1', port: 2 });
  await soon(async () => expect((await overview(registry.url)).location_paths).toHaveLength(2));
  const stream = await listen();
  await bob.deregister();
  await soon(() => {
    const removed = stream.named('paths').flatMap(({ data }) => data['removed'] as object[]);
    expect(removed).toHaveLength(2);
    const told = stream.named('members').flatMap(({ data }) => data['members'] as object[]);
    expect(told).toContainEqual(expect.objectContaining({ instance_id: 'bob', status: 'deregistered' }));
  });
});

test('a listener that comes back gets what it has missed, and no snapshot', async () => {
  const first = await listen();
  await join(registry.url, 'ann', { port: 1 });
  await soon(() => expect(first.named('members')).not.toHaveLength(0));
  const lastId = first.events.at(-1)?.id;
  first.close();
  await join(registry.url, 'bob', { port: 2 });
  const watching = await listen();
  await soon(() => expect(watching.events.length).toBeGreaterThan(0));
  const second = await listen(lastId);
  await soon(() => expect(JSON.stringify(second.events)).toContain('"instance_id":"bob"'));
  expect(second.named('snapshot')).toEqual([]);
  expect(second.events[0]?.id).not.toBe(lastId);
});

test.each(['another-1', 'nonsense', '', '0'])(
  'a listener that comes back with the id %j gets a snapshot',
  async (id) => {
    const stream = await listen(id);
    await soon(() => expect(stream.events[0]?.name).toBe('snapshot'));
  },
);

test('a listener that comes back from the future, or from long ago, gets a snapshot', async () => {
  const first = await listen();
  await soon(() => expect(first.events[0]?.name).toBe('snapshot'));
  const [replica] = (first.events[0]?.id ?? '').split('-');
  for (const n of ['999999', '-5', '1.5']) {
    const stream = await listen(`${replica}-${n}`);
    await soon(() => expect(stream.events[0]?.name).toBe('snapshot'));
  }
});
