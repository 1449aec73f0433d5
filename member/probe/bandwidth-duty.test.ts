import type { Trace } from '@netring/contract/trace';
import { expect, test } from 'vitest';
import { createBandwidthDuty, type FromBandwidth } from './bandwidth-duty.ts';
import type { Measured } from './confirm.ts';

const finding = (outcome: 'ok' | 'timeout'): Measured => ({
  key: 'eu1-a tcp',
  result: { kind: 'tcp', outcome, ended_ms: 1 },
  sent: 1,
  lost: outcome === 'ok' ? 0 : 1,
});

const trace: Trace = {
  id: 'one',
  target: 'eu1-a',
  cause: 'schedule',
  protocol: 'icmp',
  outcome: 'ok',
  reached: true,
  hops: [{ ttl: 1, sent: 3, answers: [] }],
  worst_step: { ttl: 1, ip: '192.0.2.1', added_ms: 140 },
  started_ms: 1,
  ended_ms: 2,
};

test('what is found during a test, and while what it stirred up settles, is marked', async () => {
  let nowMs = 100_000;
  const told: FromBandwidth[] = [];
  const duty = createBandwidthDuty(
    () => nowMs,
    (message) => told.push(message),
  );
  const isMarked = (outcome: 'ok' | 'timeout') => duty.marked(finding(outcome)).result.disturbed === true;
  expect(isMarked('ok')).toBe(false);
  expect(duty.judgedTrace(trace)).toBe(trace);
  // Nobody listens at port 1: the test is over after a moment, which is all that is asked of it here.
  const order = { fence: 1, host: '127.0.0.1', port: 1, ticket: 'x', deadlineAtMs: nowMs + 1_000 };
  duty.take(
    { type: 'bandwidth-test', id: 'one', order: { ...order, mostBytes: 1e6, sizeIsSet: false } },
    undefined,
  );
  expect(isMarked('ok')).toBe(true);
  expect(duty.judgedTrace(trace)).toMatchObject({ outcome: 'void', reached: false, hops: [] });
  expect(duty.judgedTrace(trace)).not.toHaveProperty('worst_step');
  await expect.poll(() => told.map(({ type }) => type)).toEqual(['bandwidth-done']);
  nowMs += 900;
  expect(isMarked('ok')).toBe(true);
  nowMs += 200;
  expect([isMarked('ok'), isMarked('timeout')]).toEqual([false, true]);
  nowMs += 10_000;
  expect(isMarked('timeout')).toBe(false);
});
