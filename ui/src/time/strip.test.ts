import type { StretchSummary } from '@netring/contract/topology';
import { expect, test } from 'vitest';
import { cellsAt, cellWords, partsOf, placeOf, troubleRows } from './strip.ts';

const nowMs = Date.UTC(2026, 10, 21, 14, 2, 17);

function stretch(start_ms: number, duration_ms: number, but: Partial<StretchSummary> = {}): StretchSummary {
  const health = { healthy: 3, slow: 0, failing: 0, unknown: 0 };
  return { start_ms, duration_ms, requests: 100, errors: 0, services: 4, dependencies: 3, health, ...but };
}

const kept = (resolution_ms: number, kept_ms: number, from_ms = 0) => ({ resolution_ms, kept_ms, from_ms });
const all = [kept(10_000, 900_000), kept(60_000, 7_200_000), kept(600_000, 86_400_000)];
const answer = (...stretches: StretchSummary[]) => ({ now_ms: nowMs, resolutions: all, stretches });

test('every moment of the day has one place, the newest the finest', () => {
  const cells = cellsAt(nowMs, undefined);
  for (const [at, { moment }] of cells.entries()) {
    const before = cells[at - 1]?.moment;
    const lengthMs = { '10s': 10_000, '1m': 60_000, '10m': 600_000 }[moment.step];
    expect(moment.toMs % lengthMs).toBe(0);
    if (before !== undefined) expect(moment.toMs - lengthMs).toBe(before.toMs);
  }
  expect(cells.length).toBeGreaterThan(310);
  expect(cells.at(-1)?.moment).toEqual({ toMs: Date.UTC(2026, 10, 21, 14, 2, 10), step: '10s' });
  // A moment is not offered once the registry begins to forget it.
  expect(cells[0]?.moment.toMs).toBeGreaterThanOrEqual(nowMs - 86_400_000 + 600_000);
  expect(partsOf(cells).map(({ step }) => step)).toEqual(['10m', '1m', '10s']);
  expect(partsOf(cells).at(-1)).toMatchObject({ to: cells.length, lengthMs: 850_000 });
});

test('what the registry does not have is not offered', () => {
  const since = Date.UTC(2026, 10, 21, 13, 55, 4);
  const young = [kept(10_000, 900_000, since), kept(60_000, 7_200_000, since)];
  const cells = cellsAt(nowMs, { now_ms: nowMs, resolutions: young, stretches: [] });
  expect(cells[0]?.moment).toEqual({ toMs: Date.UTC(2026, 10, 21, 13, 55, 10), step: '10s' });
  expect(cells).toHaveLength(43);
  expect(cellsAt(nowMs, { now_ms: nowMs, resolutions: [], stretches: [] })).toEqual([]);
});

test('where there is only one length, it goes up to the present', () => {
  const only = { ...kept(60_000, 600_000, nowMs - 617_000), to_ms: Date.UTC(2026, 10, 21, 14) };
  const cells = cellsAt(nowMs, { now_ms: nowMs, resolutions: [only], stretches: [] });
  expect(cells.map(({ moment }) => moment.toMs)).toEqual(
    Array.from({ length: 8 }, (_, at) => Date.UTC(2026, 10, 21, 13, 53 + at)),
  );
});

test('what was told stands at its time; minutes of one place are summed up, a coarser one is left out', () => {
  const [old, edge] = [Date.UTC(2026, 10, 21, 10), Date.UTC(2026, 10, 21, 14, 1, 30)];
  const blame = { network: 1, application: 0, both: 0, none: 2, unknown: 0 };
  const cells = cellsAt(
    nowMs,
    answer(
      stretch(old, 60_000),
      stretch(old + 60_000, 60_000, { errors: 7, blame }),
      stretch(edge - 10_000, 60_000),
      stretch(edge, 10_000, { requests: 42 }),
    ),
  );
  const told = cells.filter(({ summary }) => summary !== undefined);
  expect(told.map(({ moment, summary }) => [moment.toMs, summary?.requests, summary?.errors])).toEqual([
    [old + 600_000, 200, 7],
    [edge + 10_000, 42, 0],
  ]);
  expect(told[0]?.summary?.blame).toEqual(blame);
});

test('the nearest place is found', () => {
  const cells = cellsAt(nowMs, undefined);
  expect(placeOf(cells, { toMs: nowMs + 9e6, step: '10s' })).toBe(cells.length - 1);
  expect(placeOf(cells, { toMs: 0, step: '10m' })).toBe(0);
  const some = cells[200];
  expect(some && placeOf(cells, some.moment)).toBe(200);
  expect(placeOf([], { toMs: 0, step: '10m' })).toBe(-1);
});

test.for([
  [{}, '100 requests'],
  [{ requests: 1, errors: 1 }, '1 request, 1 failed'],
  [
    {
      health: { healthy: 0, slow: 2, failing: 1, unknown: 0 },
      blame: { network: 2, application: 1, both: 1, none: 0, unknown: 9 },
      path: { ok: 0, degraded: 3, down: 1, unknown: 0 },
    },
    '100 requests, 1 dependency failing, 2 slow, 3 blamed on the network, 2 on the application, 1 over a path that is down, 3 over a degraded path',
  ],
] as [Partial<StretchSummary>, string][])('%o in words', ([but, words]) => {
  const moment = { toMs: Date.UTC(2026, 10, 21, 14), step: '10s' } as const;
  expect(cellWords({ moment, summary: stretch(0, 10_000, but) }, nowMs, 'utc')).toBe(
    `14:00 UTC, 10 s window: ${words}`,
  );
  expect(cellWords({ moment }, nowMs, 'utc')).toBe('14:00 UTC, 10 s window: no traffic told');
});

test('each row counts its kind of trouble', () => {
  const one = stretch(0, 10_000, {
    errors: 5,
    blame: { network: 2, application: 1, both: 1, none: 0, unknown: 9 },
    path: { ok: 0, degraded: 3, down: 1, unknown: 0 },
  });
  expect(troubleRows.map(({ countOf }) => countOf(one))).toEqual([5, 7, 2]);
});
