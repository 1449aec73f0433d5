import type { BandwidthTest } from '@netring/contract/bandwidth';
import { signTicket, type LeaseAnswer } from '@netring/contract/lease';
import { createLogger } from '@netring/service/log';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Membership } from '../membership.ts';
import type { BandwidthRun, ToBandwidth } from '../probe/index.ts';
import type { Check } from '../schedule/index.ts';
import { createTester, type Tester, type TesterNeeds } from './tester.ts';

const target = { instance_id: 'eu1-a', location: 'eu1', ip: '10.2.0.10', port: 8757 };
const check = {
  id: 'eu1-a',
  location: 'eu1',
  ip: target.ip,
  fixed: true,
  target: { key: 'eu1-a tcp', kind: 'tcp', host: target.ip, port: target.port, closing: 'reset' },
} as Check;
const ticket = signTicket('', { fence: 5, source: 'us1-a', target: 'eu1-a', deadline_ms: 1_000 });
const granted: LeaseAnswer = {
  status: 'granted',
  lease: { id: 'lease-1', fence: 5, target, ticket, deadline_ms: 30_000, interval_ms: 20_000 },
};
const run: BandwidthRun = {
  bytes: 5e6,
  results: [
    { direction: 'forward', outcome: 'ok', mbps: 93, limited_by: 'path', bytes: 3e6, seconds: 1, streams: 8 },
    { direction: 'return', outcome: 'ok', mbps: 7, limited_by: 'sender', bytes: 2e6, seconds: 1, streams: 8 },
  ],
};

let tester: Tester | undefined;
afterEach(() => {
  tester?.stop();
  vi.useRealTimers();
});

/** A tester whose registry answers with `answers`, the last for ever, and whose probe process answers at once. */
function start(answers: LeaseAnswer[], more: Partial<TesterNeeds> = {}) {
  const calls: string[] = [];
  const reported: BandwidthTest[] = [];
  const rates: number[] = [];
  const sent: ToBandwidth[] = [];
  const call: Membership['call'] = ({ method, path }) => {
    calls.push(`${method} ${path}`);
    const body = answers.length > 1 ? answers.shift() : answers[0];
    return Promise.resolve({ kind: 'answered', status: 200, body });
  };
  const send = (message: ToBandwidth) => {
    sent.push(message);
    if (message.type === 'bandwidth-test')
      queueMicrotask(() => tester?.told({ type: 'bandwidth-done', id: message.id, run }));
    return true;
  };
  tester = createTester({
    instanceId: 'us1-a',
    intervalMs: 20_000,
    sizeBytes: undefined,
    dayBytes: 1e9,
    tokens: [],
    membership: { call } as Membership,
    probes: { send },
    now: () => Date.now(),
    report: (one) => reported.push(one),
    onRate: (_, direction, mbps) => direction === 'forward' && rates.push(mbps),
    log: createLogger('member', 'error'),
    ...more,
  });
  tester.follow([check]);
  return { calls, reported, rates, sent };
}

describe('the tests of a member', () => {
  test('one lease is one test, reported, and given back; only a valid rate becomes a metric', async () => {
    vi.useFakeTimers();
    const seen = start([granted]);
    await vi.advanceTimersByTimeAsync(20_500);
    expect(seen.calls.slice(0, 2)).toEqual(['POST /leases', 'DELETE /leases/lease-1']);
    expect(seen.reported[0]).toMatchObject({ id: 'lease-1', target: 'eu1-a', fence: 5, interval_ms: 20_000 });
    expect(seen.rates[0]).toBe(93);
  });

  test('a target that this member does not probe is skipped, with its reason', async () => {
    vi.useFakeTimers();
    const seen = start([granted]);
    tester?.follow([]);
    await vi.advanceTimersByTimeAsync(20_500);
    expect(seen.reported[0]?.skipped).toMatch(/does not probe that address/);
    expect(seen.sent).toEqual([]);
    expect(seen.calls.slice(0, 2)).toEqual(['POST /leases', 'DELETE /leases/lease-1']);
  });

  test('what was due and had to wait is reported once in an interval', async () => {
    vi.useFakeTimers();
    const seen = start([
      { status: 'later', ask_again_ms: 2_000, reason: 'the uplink is taken', target: 'eu1-a' },
    ]);
    await vi.advanceTimersByTimeAsync(39_000);
    expect(seen.calls.length).toBeGreaterThan(5);
    expect(seen.reported.map(({ skipped }) => skipped).slice(0, 1)).toEqual(['the uplink is taken']);
    expect(seen.reported.length).toBeLessThanOrEqual(2);
  });

  test('bytes that are spent are spent, whatever the registry grants', async () => {
    vi.useFakeTimers();
    const seen = start([granted], { dayBytes: 5_100_000 });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(seen.sent).toHaveLength(1);
    expect(seen.sent[0]).toMatchObject({ order: { mostBytes: 2_550_000 } });
    expect(seen.reported[1]?.skipped).toMatch(/bytes .* are spent/);
  });

  test('turned off it asks for nothing', async () => {
    vi.useFakeTimers();
    const seen = start([granted], { intervalMs: 0 });
    await vi.advanceTimersByTimeAsync(100_000);
    expect(seen.calls).toEqual([]);
  });
});
