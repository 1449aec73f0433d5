import { record, type Histogram } from '@netring/contract/histogram';
import { createLogger } from '@netring/service/log';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createStoreClock, follow } from '../changes/index.ts';
import { minuteMs, type MinuteOfPath } from '../paths/index.ts';
import { openStore, type Store } from '../store/index.ts';
import { createHistory, type History } from './index.ts';

const log = createLogger('registry', 'error');
/** An hour's beginning. */
const startMs = 500_000 * 3_600_000;

let store: Store;
beforeEach(async () => {
  store = await openStore({ kind: 'embedded', folder: undefined });
});
afterEach(() => store.close());

function minuteOfPath(source: string, target: string, more: Partial<MinuteOfPath> & { rttMs?: number } = {}) {
  const latency: Histogram = [];
  const { rttMs = 40, ...rest } = more;
  for (let i = -3; i <= 3; i++) record(latency, rttMs + i / 10);
  const one: MinuteOfPath = {
    source,
    target,
    state: 'ok',
    checks: [{ kind: 'icmp', sent: 12, lost: 1, latency, jitterMs: 0.2 }],
    route: undefined,
    bandwidth: undefined,
    ...rest,
  };
  return one;
}

function historyOf(
  boundBytes: number,
  minute: (atMs: number) => MinuteOfPath[],
  movedAtMs?: (source: string, target: string) => number,
): History {
  const moved = movedAtMs === undefined ? {} : { movedAtMs };
  return createHistory(store, { minute, sources: () => ['a', 'b'], boundBytes, log, ...moved });
}

/** Lets the leader do what is due after each of so many minutes. */
async function passMinutes(history: History, count: number, fromMs = startMs): Promise<void> {
  for (let n = 1; n <= count; n++) await history.keep(fromMs + n * minuteMs + 15_000);
}

const day = { fromMs: startMs - 86_400_000, toMs: startMs + 86_400_000, stepMs: minuteMs };
const roomy = 1e9;

describe('the history of a path', () => {
  test('has one point a minute, whether its hour is packed or under way', async () => {
    const history = historyOf(roomy, () => [minuteOfPath('a', 'b')]);
    await passMinutes(history, 70);
    const points = await history.read([{ source: 'a', target: 'b' }], day);
    expect(points.map(({ at_ms }) => (at_ms - startMs) / minuteMs)).toEqual(
      Array.from({ length: 70 }, (_, n) => n),
    );
    for (const point of [points[0], points[69]]) {
      expect(point).toMatchObject({
        state: 'ok',
        checks: [{ kind: 'icmp', sent: 12, lost: 1, jitter_ms: 0.2 }],
      });
      const p50 = point?.checks[0]?.p50_ms ?? 0;
      expect(Math.abs(p50 - 40)).toBeLessThan(0.5);
    }
  });

  test('leaves out minutes without any measurement', async () => {
    const history = historyOf(roomy, (atMs) => (atMs === startMs + minuteMs ? [] : [minuteOfPath('a', 'b')]));
    await passMinutes(history, 3);
    const points = await history.read([{ source: 'a', target: 'b' }], day);
    expect(points.map(({ at_ms }) => (at_ms - startMs) / minuteMs)).toEqual([0, 2]);
  });

  test('knows rates, the worst step and the route', async () => {
    const route = {
      hops: 4,
      reached: true,
      at_ms: 0,
      path_id: 'r1',
      worst_step: { ttl: 2, ip: '192.0.2.9', added_ms: 8 },
    };
    const bandwidth = { forward_mbps: 93.5, return_mbps: 20, at_ms: 0 };
    const history = historyOf(roomy, () => [minuteOfPath('a', 'b', { route, bandwidth })]);
    await passMinutes(history, 1);
    expect(await history.read([{ source: 'a', target: 'b' }], day)).toMatchObject([
      { forward_mbps: 93.5, return_mbps: 20, worst_step_ms: 8, worst_step_ip: '192.0.2.9', path_id: 'r1' },
    ]);
  });

  test('is put together into longer steps', async () => {
    const history = historyOf(roomy, (atMs) => [
      minuteOfPath('a', 'b', { state: atMs === startMs + 3 * minuteMs ? 'down' : 'ok' }),
    ]);
    await passMinutes(history, 10);
    const points = await history.read([{ source: 'a', target: 'b' }], { ...day, stepMs: 5 * minuteMs });
    expect(points.map(({ state, checks }) => [state, checks[0]?.sent])).toEqual([
      ['down', 60],
      ['ok', 60],
    ]);
  });

  test('of locations is down only where all member paths are', async () => {
    const history = historyOf(roomy, (atMs) => [
      minuteOfPath('a', 'x', { state: 'down' }),
      minuteOfPath('b', 'x', { state: atMs === startMs ? 'ok' : 'down' }),
    ]);
    await passMinutes(history, 2);
    const pairs = [
      { source: 'a', target: 'x' },
      { source: 'b', target: 'x' },
    ];
    const points = await history.read(pairs, day);
    expect(points.map(({ state, checks }) => [state, checks[0]?.sent])).toEqual([
      ['degraded', 24],
      ['down', 24],
    ]);
  });

  test('of locations with many member paths is that of the planned ones', async () => {
    const many = (prefix: string) => Array.from({ length: 64 }, (_, n) => `${prefix}${n}`);
    const history = historyOf(roomy, () => many('planned').map((target) => minuteOfPath('a', target)));
    await passMinutes(history, 1);
    const pairs = [...many('planned'), ...many('other')].map((target) => ({
      source: 'a',
      target,
      planned: target.startsWith('planned'),
    }));
    const [point] = await history.read(pairs, day);
    expect(point?.checks[0]?.sent).toBe(64 * 12);
  });

  test('is not written anew after a restart, which knows less of its last minute; what is missing is added', async () => {
    const few = (packets: { sent: number; lost: number }) => ({
      checks: [{ kind: 'icmp' as const, latency: [], ...packets }],
    });
    const lossy = minuteOfPath('a', 'b', { state: 'down', ...few({ sent: 60, lost: 50 }) });
    await passMinutes(
      historyOf(roomy, () => [lossy]),
      1,
    );
    const well = few({ sent: 20, lost: 0 });
    await passMinutes(
      historyOf(roomy, () => [minuteOfPath('a', 'b', well), minuteOfPath('b', 'a', well)]),
      1,
    );
    const history = historyOf(roomy, () => []);
    const read = (source: string, target: string) => history.read([{ source, target }], day);
    expect(await read('a', 'b')).toMatchObject([{ state: 'down', checks: [{ sent: 60, lost: 50 }] }]);
    expect(await read('b', 'a')).toMatchObject([{ state: 'ok', checks: [{ sent: 20, lost: 0 }] }]);
  });

  test('is packed by a new leader when the old one was lost half way', async () => {
    const minute = () => [minuteOfPath('a', 'b')];
    await passMinutes(historyOf(roomy, minute), 59);
    await passMinutes(historyOf(roomy, minute), 3, startMs + 59 * minuteMs);
    expect([...(await store.table.list('history-index')).keys()]).toEqual(
      ['500000', '499999', '499998'].sort(),
    );
    expect(await historyOf(roomy, minute).read([{ source: 'a', target: 'b' }], day)).toHaveLength(62);
  });
});

test('history within a bound loses resolution, and says so, before it loses time', async () => {
  // Latencies that differ, so that packing cannot make one of them all.
  const minute = (atMs: number) => [
    minuteOfPath('a', 'b', { rttMs: 30 + (((atMs / minuteMs) * 7919) % 31) }),
  ];
  const free = historyOf(roomy, minute);
  await passMinutes(free, 61);
  const index = await store.table.list('history-index');
  const bytes = (JSON.parse(String(index.get('500000'))) as { bytes: number }).bytes;
  const tight = historyOf(2.6 * bytes, minute);
  await passMinutes(tight, 180, startMs + 60 * minuteMs);
  const points = await tight.read([{ source: 'a', target: 'b' }], { ...day, toMs: startMs + 4 * 3_600_000 });
  const steps = points.map(({ step_ms = minuteMs }) => step_ms / minuteMs);
  expect(new Set(steps)).toEqual(new Set([5, 1]));
  expect(points[0]?.at_ms).toBe(startMs);
  expect(steps.reduce((sum, one) => sum + one, 0)).toBe(240);
  const entries = [...(await store.table.list('history-index')).values()];
  const sum = entries.reduce((all, one) => all + (JSON.parse(String(one)) as { bytes: number }).bytes, 0);
  expect(sum).toBeLessThanOrEqual(2.6 * bytes);
});

describe('what is usual', () => {
  const follower = (history: History) =>
    follow(store, createStoreClock(), [history.fold], log, () => undefined);

  test('is known from 30 minutes on, from those that were ok', async () => {
    const history = historyOf(roomy, (atMs) => {
      const bad = atMs >= startMs + 29 * minuteMs && atMs < startMs + 60 * minuteMs;
      return [minuteOfPath('a', 'b', bad ? { state: 'degraded', rttMs: 120 } : {})];
    });
    const following = follower(history);
    await expect.poll(() => following.ready()).toBe(true);
    await passMinutes(history, 60);
    await history.keepBaselines(startMs + 60 * minuteMs + 20_000);
    expect(history.baselinesOf('a', 'b')).toBeUndefined();
    await passMinutes(history, 5, startMs + 60 * minuteMs);
    await history.keepBaselines(startMs + 65 * minuteMs + 20_000);
    await expect.poll(() => history.baselinesOf('a', 'b')).toBeDefined();
    const [one] = history.baselinesOf('a', 'b') ?? [];
    expect(one).toMatchObject({ kind: 'icmp', minutes: 34, spread_ms: 0 });
    expect(Math.abs((one?.median_ms ?? 0) - 40)).toBeLessThan(0.5);
    await following.stop();
    const restarted = historyOf(roomy, () => []);
    const again = follower(restarted);
    await expect.poll(() => restarted.baselinesOf('a', 'b')).toEqual([one]);
    await again.stop();
  });

  test('is forgotten where an end of the path came to another place, and learned anew', async () => {
    let movedMs = 0;
    const history = historyOf(
      roomy,
      (atMs) =>
        ['b', 'c'].map((target) =>
          minuteOfPath('a', target, { rttMs: target === 'b' && movedMs > 0 && atMs >= movedMs ? 80 : 10 }),
        ),
      (_, target) => (target === 'b' ? movedMs : 0),
    );
    const following = follower(history);
    await expect.poll(() => following.ready(), { timeout: 60_000 }).toBe(true);
    const median = (target: string) => Math.round(history.baselinesOf('a', target)?.[0]?.median_ms ?? 0);
    const usual = (b: number, c: number) =>
      expect.poll(() => [median('b'), median('c')], { timeout: 60_000 }).toEqual([b, c]);
    await passMinutes(history, 100);
    await history.keepBaselines(startMs + 100 * minuteMs);
    await usual(10, 10);
    await history.keepMoved(startMs + 100 * minuteMs + 1);
    await usual(10, 10);
    movedMs = startMs + 100 * minuteMs + 2;
    await history.keepMoved(movedMs + 5_000);
    await usual(0, 10);
    // The hour of the move is packed meanwhile.
    await passMinutes(history, 40, startMs + 100 * minuteMs);
    await history.keepBaselines(startMs + 140 * minuteMs + 20_000);
    await usual(80, 10);
    await following.stop();
  });
});
