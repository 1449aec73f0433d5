import { describe, expect, test } from 'vitest';
import { createLeases } from './leases.ts';

describe('leases', () => {
  test('are held until their time is over, to the millisecond', () => {
    let nowMs = 0;
    const leases = createLeases(
      () => nowMs,
      () => 0,
    );
    leases.acquire(['name'], 'a', 100);
    nowMs = 99;
    expect(leases.acquire(['name'], 'b', 100)).toBeUndefined();
    expect(leases.renew(['name'], 'a', 100)).toBe(true);
    nowMs = 198;
    expect(leases.acquire(['name'], 'b', 100)).toBeUndefined();
    nowMs = 199;
    expect(leases.renew(['name'], 'a', 100)).toBe(false);
    expect(leases.acquire(['name'], 'b', 100)).toBeDefined();
  });

  test.each<[string, number[], number[]]>([
    ['with the time of day', [1, 2, 5], [1_000, 2_000, 5_000]],
    ['when that stands still', [1, 1, 1], [1_000, 1_001, 1_002]],
    ['when that goes back', [9, 1, 10], [9_000, 9_001, 10_000]],
  ])('have a fence that grows %s', (_, times, fences) => {
    let epochMs = 0;
    const leases = createLeases(
      () => 0,
      () => epochMs,
    );
    const grant = (ms: number) => {
      epochMs = ms;
      return leases.acquire(['name'], 'holder', 100)?.fence;
    };
    expect(times.map(grant)).toEqual(fences);
  });
});
