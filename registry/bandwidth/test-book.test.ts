import type { BandwidthResult, BandwidthTest } from '@netring/contract/bandwidth';
import { describe, expect, test } from 'vitest';
import { describeTests, lastOf, summaryOf, withTest, type PathTests } from './test-book.ts';

const sent = { sentMs: 50_000, receivedMs: 1_000_000 };
const result = (direction: 'forward' | 'return', more: Partial<BandwidthResult> = {}): BandwidthResult => ({
  direction,
  outcome: 'ok',
  mbps: 100,
  limited_by: 'path',
  bytes: 1e7,
  seconds: 2,
  streams: 8,
  ...more,
});
const tested = (id: string, ended_ms: number, more: Partial<BandwidthTest> = {}): BandwidthTest => ({
  id,
  target: 'eu1-a',
  started_ms: ended_ms - 5_000,
  ended_ms,
  fence: 7,
  interval_ms: 10_000,
  results: [result('forward'), result('return', { mbps: 50 })],
  ...more,
});
const after = (...tests: BandwidthTest[]): PathTests | undefined =>
  tests.reduce<PathTests | undefined>(
    (before, one) => withTest(before, 'us1-a', one, sent) ?? before,
    undefined,
  );

describe('the tests of a path', () => {
  test('stand on the clock of the store, and hold three intervals', () => {
    const tests = after(tested('one', 49_000));
    expect(summaryOf(tests, 1_000_000)).toEqual({ forward_mbps: 100, return_mbps: 50, at_ms: 999_000 });
    expect(describeTests(tests, 1_000_000).latest).toMatchObject({
      at_ms: 999_000,
      duration_ms: 5_000,
      source: 'us1-a',
    });
    expect(summaryOf(tests, 999_000 + 30_000)).toBeDefined();
    expect(summaryOf(tests, 999_000 + 30_001)).toBeUndefined();
    expect(describeTests(tests, 999_000 + 30_001)).not.toHaveProperty('forward');
  });

  test('one that is told again adds nothing', () => {
    expect(withTest(after(tested('one', 49_000)), 'us1-a', tested('one', 49_000), sent)).toBeUndefined();
  });

  test.each<[string, Partial<BandwidthResult>]>([
    ['inconclusive', { outcome: 'inconclusive', reason: 'because' }],
    ['limited by the sender', { limited_by: 'sender' }],
    ['limited by the receiver', { limited_by: 'receiver' }],
  ])('what is %s leaves the valid rate before it', (_, more) => {
    const tests = after(
      tested('one', 40_000),
      tested('two', 49_000, { results: [result('forward', { mbps: 3, ...more })] }),
    );
    expect(summaryOf(tests, 1_000_000)).toEqual({ forward_mbps: 100, return_mbps: 50, at_ms: 990_000 });
    expect(describeTests(tests, 1_000_000).latest?.id).toBe('two');
    expect(lastOf(tests)).toEqual({ validMs: 990_000, triedMs: 999_000 });
  });

  test('a skipped one is shown with its reason, until another is made', () => {
    const skipped = tested('two', 45_000, { results: undefined, skipped: 'no time' });
    const tests = after(tested('one', 40_000), skipped);
    expect(describeTests(tests, 1_000_000)).toMatchObject({
      latest: { id: 'one' },
      skipped: { skipped: 'no time' },
    });
    expect(lastOf(tests).triedMs).toBe(990_000);
    expect(describeTests(after(skipped, tested('three', 49_000)), 1_000_000)).not.toHaveProperty('skipped');
  });

  test.each<[string, Partial<BandwidthTest>, object | undefined]>([
    [
      'an end was the limit',
      {
        results: [
          result('forward', { mbps: 900, limited_by: 'sender' }),
          result('return', { mbps: 80, limited_by: 'cap' }),
        ],
      },
      { at_least_mbps: 80, reason: 'ended by the byte budget' },
    ],
    [
      'no number is told',
      { results: [result('forward', { outcome: 'inconclusive', mbps: undefined, reason: 'too short' })] },
      { reason: 'inconclusive: too short' },
    ],
    ['it was skipped', { results: undefined, skipped: 'no time' }, { reason: 'skipped: no time' }],
  ])('without a valid rate the newest one tells why: %s', (_, more, untold) => {
    const tests = after(tested('one', 49_000, more));
    expect(summaryOf(tests, 1_000_000)).toEqual({ at_ms: 999_000, untold });
    expect(summaryOf(tests, 999_000 + 30_001)).toBeUndefined();
  });

  test('told late, an older one changes nothing that is newer', () => {
    const tests = after(
      tested('two', 49_000),
      tested('one', 20_000, { results: [result('forward', { mbps: 1 })] }),
    );
    expect(summaryOf(tests, 1_000_000)?.forward_mbps).toBe(100);
    expect(describeTests(tests, 1_000_000).latest?.id).toBe('two');
  });
});
