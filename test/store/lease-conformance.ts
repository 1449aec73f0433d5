import { expect, test } from 'vitest';
import type { Running } from './engines.ts';
import { unique } from './engines.ts';

const longMs = 600_000;

/** What every engine's lease does. */
export function leaseConformance(running: () => Running): void {
  test('is held by one holder at a time', async () => {
    const { lease } = running().store;
    const name = unique('one');
    expect(await lease.acquire([name], 'a', longMs)).toBeDefined();
    expect(await lease.acquire([name], 'b', longMs)).toBeUndefined();
    await lease.release([name], 'b');
    expect(await lease.acquire([name], 'b', longMs)).toBeUndefined();
    await lease.release([name], 'a');
    expect(await lease.acquire([name], 'b', longMs)).toBeDefined();
  });

  test('is given for all names or for none', async () => {
    const { lease } = running().store;
    const [x, y, z] = [unique('x'), unique('y'), unique('z')];
    await lease.acquire([y], 'a', longMs);
    expect(await lease.acquire([x, y, z], 'b', longMs)).toBeUndefined();
    expect(await lease.acquire([x, z], 'c', longMs)).toBeDefined();
  });

  test('is given once when many ask at the same time', async () => {
    const { lease } = running().store;
    const name = unique('many');
    const grants = await Promise.all(
      Array.from({ length: 50 }, (_, i) => lease.acquire([name, unique('own')], `holder ${i}`, longMs)),
    );
    expect(grants.filter((grant) => grant !== undefined)).toHaveLength(1);
  });

  test('is given again to its holder, with a higher fence', async () => {
    const { lease } = running().store;
    const name = unique('again');
    const first = await lease.acquire([name], 'a', longMs);
    const second = await lease.acquire([name], 'a', longMs);
    expect(second?.fence).toBeGreaterThan(first?.fence ?? Infinity);
  });

  test('ends when its time is over', async () => {
    const { lease } = running().store;
    const name = unique('ends');
    await lease.acquire([name], 'a', 100);
    const acquire = async () => (await lease.acquire([name], 'b', longMs)) !== undefined;
    await expect.poll(acquire, { timeout: 60_000 }).toBe(true);
    expect(await lease.renew([name], 'a', longMs)).toBe(false);
  });

  test('lasts as long as its holder said last', async () => {
    const { lease } = running().store;
    const [longer, shorter] = [unique('longer'), unique('shorter')];
    await lease.acquire([longer, shorter], 'a', 60_000);
    expect(await lease.renew([longer], 'a', longMs)).toBe(true);
    expect(await lease.renew([shorter], 'a', 50)).toBe(true);
    const acquire = async (name: string) => (await lease.acquire([name], 'b', longMs)) !== undefined;
    await expect.poll(() => acquire(shorter), { timeout: 60_000 }).toBe(true);
    expect(await acquire(longer)).toBe(false);
  });

  test('is prolonged for all names or for none', async () => {
    const { lease } = running().store;
    const [x, y] = [unique('x'), unique('y')];
    await lease.acquire([x], 'a', longMs);
    expect(await lease.renew([x, y], 'a', longMs)).toBe(false);
    expect(await lease.renew([x], 'b', longMs)).toBe(false);
    expect(await lease.renew([x], 'a', longMs)).toBe(true);
  });

  test('has a fence that grows with every grant, after a flush too', async () => {
    const name = unique('fence');
    const fences: number[] = [];
    for (let i = 0; i < 100; i++) {
      const { lease } = running().store;
      const grant = await lease.acquire([name], `holder ${i}`, longMs);
      fences.push(grant?.fence ?? NaN);
      if (i % 25 === 24) await running().empty();
      else await lease.release([name], `holder ${i}`);
    }
    expect(fences.every(Number.isSafeInteger)).toBe(true);
    expect(fences.every((fence, i) => i === 0 || fence > (fences[i - 1] as number))).toBe(true);
  });
}
