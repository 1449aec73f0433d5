import type { TcpResult } from '@netring/contract/result';
import { expect, test } from 'vitest';
import type { Measured } from './confirm.ts';
import type { Orders } from './messages.ts';
import type { Probes } from './probe.ts';
import { createRounds } from './rounds.ts';
import type { StallWatch } from './stalls.ts';

/** Nothing was ever held up. */
const awake: StallWatch = {
  enter: () => undefined,
  leave: () => undefined,
  carry: () => undefined,
  late: () => undefined,
  lateMs: () => 0,
  stalls: () => [],
  takeDelayMs: () => 0,
};

test('a finding began with the first of its tries', async () => {
  let nowMs = 1_000_000;
  const tries: { fromMs: number; outcome: TcpResult['outcome'] }[] = [];
  const tcp = () => {
    const outcome = tries.length === 0 ? 'timeout' : 'ok';
    tries.push({ fromMs: nowMs, outcome });
    nowMs += 2000;
    return Promise.resolve({ kind: 'tcp' as const, outcome, ended_ms: nowMs });
  };
  const options = { timeoutMs: 2000 };
  const orders: Orders = {
    type: 'orders',
    targets: [{ key: 'eu1-a tcp', kind: 'tcp', host: '10.0.0.2', port: 1, closing: 'reset' }],
    intervalMs: 100,
    options: { tcp: options, http: options, icmp: options },
  };
  const found: Measured[] = [];
  const probes = { tcp } as unknown as Probes;
  const onMeasured = (measured: Measured) => found.push(measured);
  const rounds = createRounds({ now: () => nowMs, watch: awake, probes, onMeasured });
  rounds.follow(orders, new Set());
  await expect.poll(() => found.length, { timeout: 30_000 }).toBeGreaterThan(0);
  rounds.stop();
  expect(tries.slice(0, 2).map(({ outcome }) => outcome)).toEqual(['timeout', 'ok']);
  expect(found[0]).toMatchObject({ result: { outcome: 'ok' }, startedMs: tries[0]?.fromMs, lost: 1 });
});
