import { describe, expect, test } from 'vitest';
import type { GraphDependency, GraphService } from '@netring/contract/graph';
import type { WindowsAnswer } from '@netring/contract/topology';
import { exampleDependency, exampleService } from '../example/example-graph.ts';
import { exampleMember, exampleOverview, mesh } from '../example/example-ring.ts';
import { createWork } from '../export/work.ts';
import { linesOf } from './archive.ts';
import { createPacker, createUnpacker, type WindowOfGraph } from './pack-windows.ts';
import { answerOf } from './page-registry.ts';
import { record, spansOf, type Ask } from './record.ts';
import { recordingFrom, type Recording } from './recording.ts';
import { dataPlace, pageWith } from './viewer-page.ts';

const nowMs = Date.UTC(2026, 10, 21, 14, 2, 15);
const metadata = {
  total_observations: 1,
  service_count: 1,
  dependency_count: 1,
  from_ms: 0,
  to_ms: 1,
  hidden: {},
  more_services: 0,
  more_dependencies: 0,
  unresolved: 0,
};

function windowOf(toMs: number, services: GraphService[], dependencies: GraphDependency[]): WindowOfGraph {
  return {
    now_ms: nowMs,
    timestamp: new Date(toMs).toISOString(),
    metadata: { ...metadata, from_ms: toMs - 10_000, to_ms: toMs },
    services: Object.fromEntries(services.map((one) => [one.service_id, one])),
    dependencies,
  };
}

test('windows come out as they went in, though only what changed is written', () => {
  const [a, b, odd] = [exampleService('us1/a'), exampleService('us1/b'), exampleService('us1/__proto__')];
  const call = exampleDependency('us1/a', 'us1/b');
  const slow = { ...call, p95_latency_ms: 900, health: 'slow' as const };
  const { p95_latency_ms: _gone, ...untimed } = call;
  const windows = [
    windowOf(10_000, [a, b], [call]),
    windowOf(20_000, [a, b], [call]),
    windowOf(30_000, [a, b, odd], [slow]),
    windowOf(40_000, [a], []),
    windowOf(50_000, [a, b], [untimed]),
    windowOf(60_000, [a, { ...b, location: 'eu1' }], [slow, exampleDependency('us1/b', 'us1/a')]),
  ];
  const [pack, unpack] = [createPacker(), createUnpacker()];
  const packed = windows.map((one) => JSON.stringify(pack(one)));
  expect(packed.map((one) => unpack(JSON.parse(one) as ReturnType<typeof pack>))).toEqual(windows);
  expect(packed[1]?.length).toBeLessThan((packed[0]?.length ?? 0) / 3);
});

describe('a page', () => {
  const viewer = `<html>${dataPlace}<script>run()</script></html>`;

  test('holds the recording where nothing can end it', () => {
    expect(pageWith(viewer, 'AAA+/=')).toBe(
      '<html><script type="text/plain" id="netring-replay">AAA+/=</script><script>run()</script></html>',
    );
  });

  test.for([
    [viewer, '</script>', /must be packed/],
    [viewer, '\u2028', /must be packed/],
    ['<html></html>', 'AAAA', /is none/],
    [`${dataPlace}${dataPlace}`, 'AAAA', /is none/],
  ] as const)('%s with %s is refused', ([page, letters, why]) => {
    expect(() => pageWith(page, letters)).toThrow(why);
  });
});

test('the windows to record: the newest first, and whole minutes of the same time for comparing', () => {
  const { all, stepMs, newestMs } = spansOf(nowMs, '10s', undefined);
  expect(stepMs).toBe(10_000);
  expect(newestMs).toBe(Date.UTC(2026, 10, 21, 14, 2, 10));
  const tens = all.filter(({ fromMs, toMs }) => toMs - fromMs === 10_000);
  expect(tens).toHaveLength(89);
  expect(tens.map(({ toMs }) => toMs)).toEqual(tens.map((_, at) => newestMs - at * 10_000));
  expect(all.filter(({ fromMs, toMs }) => toMs - fromMs === 60_000)).toHaveLength(16);
  expect(spansOf(nowMs, '10m', undefined).all).toHaveLength(143);
});

const evil = '</script><!--<script>\u2028\u202e"&';
const token = 'not-for-the-file';

/** A registry with one dependency that is slow in its last minute. Any path is remembered. */
function registry(asked: string[]): Ask {
  const services = [exampleService('us1/a'), exampleService('us1/b', { service_name: evil })];
  const graphAt = (toMs: number) =>
    windowOf(toMs, services, [
      exampleDependency('us1/a', 'us1/b', { health: toMs > nowMs - 60_000 ? 'slow' : 'healthy' }),
    ]);
  const fromMs = nowMs - 120_000;
  const windows: WindowsAnswer = {
    now_ms: nowMs,
    resolutions: [{ resolution_ms: 10_000, kept_ms: 900_000, from_ms: fromMs, to_ms: nowMs }],
    stretches: [],
  };
  const answers: Record<string, () => unknown> = {
    'api/overview': () => ({
      ...exampleOverview([exampleMember('a', 'us1')], mesh(['eu1', 'us1'], { 'us1 eu1': { state: 'down' } })),
      now_ms: nowMs,
    }),
    'api/alerts': () => ({ now_ms: nowMs, incidents: [], alerts: [], silences: [] }),
    'topology/windows': () => windows,
    'api/paths': () => ({ now_ms: nowMs, location_paths: [], member_paths: [] }),
  };
  return (path) => {
    asked.push(path);
    const { pathname, searchParams } = new URL(path, 'http://x/');
    const known = answers[pathname.slice(1)];
    const data = known?.() ?? {
      ...graphAt(Number(searchParams.get('to') ?? nowMs)),
      positions: {},
      sources: [],
    };
    return Promise.resolve({ kind: 'ok', data: data as never });
  };
}

describe('a recording', () => {
  const asked: string[] = [];
  const told: number[] = [];
  const open = async (): Promise<{ recording: Recording; letters: string }> => {
    const work = createWork(new AbortController().signal, (part) => told.push(part));
    const letters = await record({ ask: registry(asked), ring: 'ring.example', step: '10s', work });
    return { letters, recording: recordingFrom(await linesOf(letters)) };
  };

  test('opens with the picture, its windows, and what was said, and with nothing that HTML could read', async () => {
    const { recording, letters } = await open();
    expect(letters).toMatch(/^[A-Za-z0-9+/]+=*$/);
    expect(recording).toMatchObject({ ring: 'ring.example', made_ms: nowMs, left_out: 0 });
    expect(recording.graph.services['us1/b']?.service_name).toBe(evil);
    const [offered] = recording.windows.resolutions;
    expect(offered).toMatchObject({ resolution_ms: 10_000, to_ms: Date.UTC(2026, 10, 21, 14, 2, 10) });
    expect(asked).toContain('api/paths?source=us1&target=eu1');
    expect(told.at(-1)).toBeGreaterThan(0);
  });

  test('answers in place of a registry, and leaves the rest', async () => {
    const { recording } = await open();
    const of = (path: string, method = 'GET') => answerOf(recording, method, path);
    const toMs = Date.UTC(2026, 10, 21, 14, 1);
    const healthAt = (path: string): unknown =>
      (of(path).body as { dependencies: GraphDependency[] }).dependencies[0]?.health;
    expect(healthAt(`topology?from=${toMs - 10_000}&to=${toMs}`)).toBe('healthy');
    expect(healthAt(`topology?from=${toMs + 60_000}&to=${toMs + 70_000}&include=monitoring`)).toBe('slow');
    expect(healthAt(`topology?from=${toMs - 60_000}&to=${toMs}`)).toBe('healthy');
    expect(of('topology').status).toBe(200);
    expect(of('api/overview').body).toMatchObject({ now_ms: nowMs });
    expect(of('api/paths?source=us1&target=eu1').status).toBe(200);
    expect(of('topology?from=1&to=2')).toMatchObject({
      status: 404,
      body: { error: { code: 'not_recorded' } },
    });
    expect(of('api/history?source=a').status).toBe(404);
    expect(of('topology/positions', 'PUT').status).toBe(405);
  });

  test('a registry that refuses ends it with its reason; so does who cancels', async () => {
    const stop = new AbortController();
    const work = createWork(stop.signal, () => undefined);
    const denied: Ask = () => Promise.resolve({ kind: 'denied', reason: token });
    await expect(record({ ask: denied, ring: 'r', step: '10s', work })).rejects.toThrow(/view token again/);
    const cancelling: Ask = (path, signal) => {
      if (path.startsWith('topology?')) stop.abort();
      return registry([])(path, signal);
    };
    await expect(record({ ask: cancelling, ring: 'r', step: '10s', work })).rejects.toThrow(/abort/i);
  });

  test('what is none is refused', () => {
    expect(() => recordingFrom(['{"format":"other"}', '{}'])).toThrow(/no replay/);
    expect(() => recordingFrom(['{"format":"netring-replay","version":2}', '{}'])).toThrow(/no replay/);
  });
});
