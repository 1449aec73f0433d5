import { describe, expect, test } from 'vitest';
import { buildNetring } from '../start/built-netring.ts';
import { redisUnavailableReason } from '../redis/index.ts';
import { growthOf } from './growth.ts';
import { soak } from './soak.ts';

const reason = redisUnavailableReason();

describe.skipIf(reason !== undefined)(`flapping${reason ? ` (skipped: ${reason})` : ''}`, () => {
  test('leaves a picture that is right', async () => {
    await buildNetring();
    const { faults, lives, kills } = await soak(12, () => undefined);
    expect(faults).toEqual([]);
    expect(lives).toBeGreaterThanOrEqual(20);
    expect(kills).toBeGreaterThan(0);
  }, 120_000);
});

describe('memory', () => {
  const readings = (value: (at: number) => number) => Array.from({ length: 100 }, (_, at) => value(at));
  test.each([
    ['that stays is flat', readings(() => 100), 'flat'],
    ['that saws is flat', readings((at) => 100 + 5 * (at % 10)), 'flat'],
    ['that rises at first is flat', readings((at) => Math.min(100, 5 * at)), 'flat'],
    ['that leaks grows', readings((at) => 100 + at), 'grows'],
    ['that saws and leaks grows', readings((at) => 100 + at + 5 * (at % 10)), 'grows'],
    ['of a moment tells nothing', [1, 100], 'too short'],
  ])('%s', (_, megabytes, verdict) => {
    expect(growthOf(megabytes).verdict).toBe(verdict);
  });
});
