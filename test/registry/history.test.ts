import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import type { CoverageAnswer } from '@netring/contract/coverage';
import type { HistoryAnswer } from '@netring/contract/history';
import type { PathAnswer } from '@netring/contract/path';
import { createShelf } from '@netring/registry/history/shelf';
import { afterEach, expect, test, vi } from 'vitest';
import { call } from './call.ts';
import { startRegistry, type RegistrySetup, type RunningRegistry } from './start-registry.ts';
import { join, memberWith } from './test-member.ts';

const running: RunningRegistry[] = [];
afterEach(async () => {
  for (const one of running.splice(0)) await one.stop();
});

async function start(setup: RegistrySetup = {}): Promise<RunningRegistry> {
  const registry = await startRegistry(setup);
  running.push(registry);
  return registry;
}

const minuteMs = 60_000;

/** A registry with two members, and three minutes of history of the path between them. */
async function withHistory() {
  const registry = await start();
  await join(registry.url, 'a', { location: 'us1' });
  await join(registry.url, 'b', { location: 'eu1' });
  const shelf = createShelf(registry.store);
  const fromMs = (Math.floor(Date.now() / minuteMs) - 10) * minuteMs;
  for (const [n, p50_ms] of [40, 41, 90].entries()) {
    const checks = [{ kind: 'icmp' as const, sent: 12, lost: n, p50_ms }];
    const point = {
      at_ms: fromMs + n * minuteMs,
      state: n === 2 ? ('degraded' as const) : ('ok' as const),
      checks,
    };
    await shelf.putMinute(point.at_ms, new Map([['a', new Map([['b', point]])]]));
  }
  const ask = async (query: string) => {
    const answer = await call(registry.url, `/api/history?${query}`);
    return { status: answer.status, answer: answer.json as HistoryAnswer };
  };
  return { registry, fromMs, ask };
}

test('history is told of members and of locations, minute by minute or in longer steps', async () => {
  const { fromMs, ask } = await withHistory();
  const { answer } = await ask('source=a&target=b');
  expect(answer).toMatchObject({ source: 'a', target: 'b', step_ms: minuteMs, baselines: [] });
  expect(answer.points.map((one) => [one.at_ms - fromMs, one.state, one.checks[0]?.p50_ms])).toEqual([
    [0, 'ok', 40],
    [minuteMs, 'ok', 41],
    [2 * minuteMs, 'degraded', 90],
  ]);
  expect((await ask('source=us1&target=eu1')).answer.points).toEqual(answer.points);
  const whole = (await ask(`source=a&target=b&step_ms=3600000`)).answer;
  expect(whole.points.reduce((sum, one) => sum + (one.checks[0]?.sent ?? 0), 0)).toBe(36);
  const part = (await ask(`source=a&target=b&from_ms=${fromMs + minuteMs}&to_ms=${fromMs + 2 * minuteMs}`))
    .answer;
  expect(part.points.map(({ at_ms }) => at_ms)).toEqual([fromMs + minuteMs]);
});

test('history refuses what it cannot tell', async () => {
  const { ask } = await withHistory();
  for (const [query, status, field] of [
    ['target=b', 400, 'source'],
    ['source=a&target=nobody', 404, undefined],
    ['source=a&target=b&step_ms=90000', 400, 'step_ms'],
    ['source=a&target=b&step_ms=-1', 400, 'step_ms'],
    ['source=a&target=b&from_ms=x', 400, 'from_ms'],
    ['source=a&target=b&from_ms=5&to_ms=4', 400, 'from_ms'],
  ] as const) {
    const { status: found, answer } = await ask(query);
    expect([query, found, (answer as unknown as { error: { field?: string } }).error.field]).toEqual([
      query,
      status,
      field,
    ]);
  }
});

test('coverage is told, in the API and in the metrics', async () => {
  const { registry } = await withHistory();
  const answer = (await call(registry.url, '/api/coverage')).json as CoverageAnswer;
  expect(answer).toMatchObject({
    members: 2,
    pairs: { all: 2, planned: 2, measured: 0 },
    least_in_degree: 1,
  });
  expect(answer.unmeasured_location_pairs).toEqual([
    { source: 'eu1', target: 'us1' },
    { source: 'us1', target: 'eu1' },
  ]);
  const metrics = (await call(registry.url, '/metrics')).text;
  expect(metrics).toContain('netring_registry_pairs{part="planned"} 2');
  expect(metrics).toContain('netring_registry_least_in_degree 1');
});

test('since when a path is down outlasts a restart of the registry', async () => {
  const folder = await mkdtemp(joinPath(tmpdir(), 'netring-since-'));
  try {
    const first = await start({ folder });
    const a = await join(first.url, 'a', { location: 'us1' });
    await join(first.url, 'b', { location: 'eu1' });
    const path = async (url: string) => ((await call(url, '/api/paths/a/b')).json as PathAnswer).path;
    await a.report({ b: 'ok' });
    await vi.waitFor(async () => expect((await path(first.url)).state).toBe('ok'), 60_000);
    const reportedMs = Date.now();
    await a.report({ b: 'timeout' });
    await vi.waitFor(async () => expect((await path(first.url)).state).toBe('down'), 60_000);
    const { since_ms } = await path(first.url);
    expect(since_ms).toBeGreaterThan(reportedMs - 10_000);
    await vi.waitFor(
      async () =>
        expect(String(await first.store.table.get('path-states', 'member:a'))).toContain(`${since_ms}`),
      60_000,
    );
    await running.pop()?.stop();
    const second = await start({ folder });
    await memberWith(second.url, 'a', a.session).heartbeat();
    await vi.waitFor(
      async () => expect(await path(second.url)).toMatchObject({ state: 'down', since_ms }),
      60_000,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
