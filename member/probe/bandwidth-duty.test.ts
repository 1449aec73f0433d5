import type { Trace } from '@netring/contract/trace';
import { expect, test } from 'vitest';
import { createBandwidthDuty, type FromBandwidth } from './bandwidth-duty.ts';
import type { Measured } from './confirm.ts';

const finding = (startedMs: number): Measured => ({
  key: 'eu1-a tcp',
  result: { kind: 'tcp', outcome: 'ok', ended_ms: 1 },
  startedMs,
  sent: 1,
  lost: 0,
});

const trace = (started_ms: number): Trace => ({
  id: 'one',
  target: 'eu1-a',
  cause: 'schedule',
  protocol: 'icmp',
  outcome: 'ok',
  reached: true,
  hops: [{ ttl: 1, sent: 3, answers: [] }],
  worst_step: { ttl: 1, ip: '192.0.2.1', added_ms: 140 },
  started_ms,
  ended_ms: started_ms + 1,
});

test('what any part of a test, or of what it stirred up, falls into is marked', async () => {
  let nowMs = 100_000;
  const told: FromBandwidth[] = [];
  const duty = createBandwidthDuty(
    () => nowMs,
    (message) => told.push(message),
  );
  const isMarked = (startedMs: number) => duty.marked(finding(startedMs)).result.disturbed === true;
  const isVoid = (startedMs: number) => duty.judgedTrace(trace(startedMs)).outcome === 'void';
  expect([isMarked(0), isVoid(0)]).toEqual([false, false]);
  // Nobody listens at port 1: the test is over after a moment, which is all that is asked of it here.
  const order = { fence: 1, host: '127.0.0.1', port: 1, ticket: 'x', deadlineAtMs: nowMs + 1_000 };
  duty.take(
    { type: 'bandwidth-test', id: 'one', order: { ...order, mostBytes: 1e6, sizeIsSet: false } },
    undefined,
  );
  expect(isMarked(nowMs)).toBe(true);
  expect(duty.judgedTrace(trace(nowMs))).toMatchObject({ outcome: 'void', reached: false, hops: [] });
  expect(duty.judgedTrace(trace(nowMs))).not.toHaveProperty('worst_step');
  await expect.poll(() => told.map(({ type }) => type)).toEqual(['bandwidth-done']);
  const endedMs = nowMs;
  // Whenever it is told: what began within the test has met it.
  for (const laterMs of [1_200, 5_000, 60_000]) {
    nowMs = endedMs + laterMs;
    for (const [fromMs, is] of [
      [endedMs - 1, true],
      [endedMs + 900, true],
      [endedMs + 1_100, false],
    ] as const)
      expect([laterMs, fromMs - endedMs, isMarked(fromMs), isVoid(fromMs)]).toEqual([
        laterMs,
        fromMs - endedMs,
        is,
        is,
      ]);
  }
});
