import type { LeaseAnswer } from '@netring/contract/lease';
import type { PathAnswer } from '@netring/contract/path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { call } from './call.ts';
import { startRegistry, type RunningRegistry } from './start-registry.ts';
import { join, reportAnswerOf } from './test-member.ts';

let registry: RunningRegistry;
beforeEach(async () => {
  registry = await startRegistry();
});
afterEach(() => registry.stop());

const test1 = {
  id: 'test-1',
  target: 'b',
  started_ms: 1_000,
  ended_ms: 4_000,
  fence: 7,
  results: [
    {
      direction: 'forward' as const,
      outcome: 'ok' as const,
      mbps: 93.5,
      limited_by: 'path' as const,
      bytes: 1e7,
      seconds: 2,
      streams: 8,
    },
  ],
};

test('a member asks with its session, and a leader that has just begun grants nothing', async () => {
  const a = await join(registry.url, 'a');
  const body = { instance_id: 'a', interval_ms: 300_000 };
  const ask = (bearer?: string) => call(registry.url, '/leases', { body, ...(bearer && { bearer }) });
  expect((await ask('of somebody else')).status).toBe(401);
  expect(
    (await call(registry.url, '/leases', { body: { instance_id: 'a' }, bearer: a.session })).status,
  ).toBe(400);
  const answer = (await ask(a.session)).json as LeaseAnswer;
  expect(answer).toMatchObject({ status: 'later', reason: /leader/ });
  expect(answer.status === 'later' && answer.ask_again_ms).toBeGreaterThan(1_000);
});

test('a lease that is not there is over', async () => {
  const answer = await fetch(`${registry.url}/leases/none`, { method: 'DELETE' });
  expect([answer.status, await answer.json()]).toEqual([200, { status: 'ended' }]);
});

test('tests come with reports: judged one by one, told again without harm, shown with their path', async () => {
  const a = await join(registry.url, 'a');
  await join(registry.url, 'b', { location: 'eu1', ip: '127.0.0.2' });
  const broken = { ...test1, id: 'test-2', results: 'none' };
  const answer = await a.report({ b: 'ok' }, { bandwidth: [test1, broken as never] });
  expect(reportAnswerOf(answer).refused).toMatchObject([{ of: 'bandwidth', index: 1 }]);
  expect((await a.report({ b: 'ok' }, { bandwidth: [test1] })).status).toBe(200);
  const path = async () => (await call(registry.url, '/api/paths/a/b')).json as PathAnswer;
  await expect.poll(async () => (await path()).bandwidth?.forward?.mbps).toBe(93.5);
  expect((await path()).bandwidth.latest).toMatchObject({ id: 'test-1', source: 'a', duration_ms: 3_000 });
  expect((await path()).path.bandwidth?.forward_mbps).toBe(93.5);
});
