import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commitConformance } from './commit-conformance.ts';
import type { Running } from './engines.ts';
import { engines, unique } from './engines.ts';
import { leaseConformance } from './lease-conformance.ts';
import { logConformance } from './log-conformance.ts';
import { tableConformance } from './table-conformance.ts';

for (const engine of engines) {
  const reason = engine.skipped === undefined ? '' : ` (skipped: ${engine.skipped})`;
  describe.skipIf(engine.skipped !== undefined)(`store on ${engine.name}${reason}`, () => {
    let current: Running | undefined;
    const running = (): Running => current as Running;
    beforeAll(async () => {
      current = await engine.start();
    });
    afterAll(() => current?.end());

    describe('table', () => tableConformance(running));
    describe('commit', () => commitConformance(running));
    describe('log', () => logConformance(running));
    describe('lease', () => leaseConformance(running));
    describe('life', () => lifeConformance(running));
  });
}

function lifeConformance(running: () => Running): void {
  test('tells the time of day', async () => {
    const first = await running().store.nowMs();
    expect(Math.abs(first - Date.now())).toBeLessThan(60_000);
    expect(await running().store.nowMs()).toBeGreaterThanOrEqual(first);
  });

  test('has one generation until it is emptied, then another', async () => {
    const asked = await Promise.all([running().store.generation(), running().store.generation()]);
    expect(asked[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(asked[1]).toBe(asked[0]);
    await running().empty();
    expect(await running().store.generation()).not.toBe(asked[0]);
  });

  test('is empty after it was emptied, and works on', async () => {
    const name = unique('emptied');
    const bound = { entries: 10, ageMs: 600_000 };
    await running().store.commit({
      newer: { group: name, key: 'order', order: 9 },
      append: { log: name, value: 'x', bound },
    });
    await running().empty();
    const { store } = running();
    expect(await store.table.list(name)).toEqual(new Map());
    expect(await store.log.lastId(name)).toBe('0-0');
    const again = await store.commit({ newer: { group: name, key: 'order', order: 1 } });
    expect(again.outcome).toBe('done');
  });
}
