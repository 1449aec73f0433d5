import type { PathAnswer } from '@netring/contract/path';
import type { Trace } from '@netring/contract/trace';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { redisUnavailableReason, startRedis, type Redis } from '../redis/index.ts';
import { call } from './call.ts';
import { startRegistry, type RunningRegistry } from './start-registry.ts';
import { join, reportAnswerOf, type TestMember } from './test-member.ts';
import { askTrace, operatorToken, traceOfTask } from '../trace/operate.ts';

const reason = redisUnavailableReason();

/** A trace over one router. */
function traceOf(id: string, router: string, more: Partial<Trace> = {}): Trace {
  const hop = (ttl: number, ip: string) => ({
    ttl,
    sent: 3,
    answers: [{ ip, received: 3, min_ms: 10 * ttl, median_ms: 10 * ttl, max_ms: 10 * ttl }],
  });
  return {
    id,
    target: 'bob',
    cause: 'schedule',
    protocol: 'icmp',
    outcome: 'ok',
    started_ms: 4_000,
    ended_ms: 4_050,
    reached: true,
    hops: [hop(1, '10.0.0.1'), hop(2, router), hop(3, '10.9.0.9')],
    ...more,
  };
}

describe.skipIf(reason !== undefined)(
  `traces at two replicas${reason ? ` (skipped: ${reason})` : ''}`,
  () => {
    let redis: Redis;
    let one: RunningRegistry;
    let two: RunningRegistry;
    let ann: TestMember;
    beforeAll(async () => {
      redis = await startRedis();
      const setup = { redisUrl: redis.url, environment: { NETRING_OPERATOR_TOKEN: operatorToken } };
      one = await startRegistry(setup);
      two = await startRegistry(setup);
      ann = await join(one.url, 'ann', { location: 'us1', port: 1 });
      await join(one.url, 'bob', { location: 'eu1', port: 2 });
      await ann.report({ bob: 'ok' });
      await vi.waitFor(async () => expect(await path(two.url)).toBeDefined(), 60_000);
    });
    afterAll(async () => {
      await one?.stop();
      await two?.stop();
      await redis?.stop();
    });

    const path = async (base: string) => {
      const answer = await call(base, '/api/paths/ann/bob');
      return answer.status === 200 ? (answer.json as PathAnswer) : undefined;
    };
    const report = async (base: string, ...traces: unknown[]) =>
      reportAnswerOf(await ann.report({ bob: 'ok' }, { traces: traces as Trace[] }, base));

    test('one that is asked for at the one is told at the other, and its trace at both', async () => {
      const { status, task } = await askTrace(one.url, { source: 'ann', target: 'bob' });
      expect(status).toBe(200);
      await vi.waitFor(
        async () => expect(await traceOfTask(two.url, task, 0)).toEqual({ task, state: 'waiting' }),
        60_000,
      );
      const { tasks } = await report(two.url);
      expect(tasks).toMatchObject([{ id: task, kind: 'traceroute', target: 'bob' }]);
      const waiting = traceOfTask(one.url, task, 25);
      await report(two.url, traceOf('asked', '10.0.0.2', { task, cause: 'asked' }));
      expect(await waiting).toMatchObject({ state: 'done', trace: { id: 'asked', source: 'ann' } });
      await vi.waitFor(async () => expect((await report(one.url)).tasks).toBeUndefined(), 60_000);
      for (const { url } of [one, two]) {
        await vi.waitFor(async () => {
          const answer = await path(url);
          expect(answer?.traces.forward.latest).toMatchObject({ id: 'asked', duration_ms: 50 });
          expect(answer?.path.route).toMatchObject({ hops: 3, reached: true });
        }, 60_000);
      }
    });

    test('one that is wrong is refused with its reason, and the others are taken', async () => {
      const wrong = { ...traceOf('wrong', '10.0.0.2'), hops: [{ ttl: 0 }] };
      const { refused } = await report(one.url, wrong, traceOf('right', '10.0.0.2', { ended_ms: 4_100 }));
      expect(refused).toMatchObject([{ of: 'traces', index: 0, field: 'hops.0.ttl' }]);
      await vi.waitFor(
        async () => expect((await path(two.url))?.traces.forward.latest?.id).toBe('right'),
        60_000,
      );
    });

    test('a change of route is told once, however often and to whom its traces are reported', async () => {
      const longer = (id: string, ended_ms: number) => {
        const trace = traceOf(id, '10.0.0.7', { ended_ms });
        const [first, second, third] = trace.hops;
        return { ...trace, hops: [first, second, { ...second, ttl: 3, answers: [] }, { ...third, ttl: 4 }] };
      };
      await vi.waitFor(async () => {
        const { tasks } = await report(one.url, longer('new 1', 4_200));
        expect(tasks).toMatchObject([{ kind: 'traceroute', target: 'bob' }]);
      }, 60_000);
      for (const { url } of [two, one, two])
        await report(url, longer('new 1', 4_200), longer('new 2', 4_300));
      for (const { url } of [one, two]) {
        await vi.waitFor(async () => expect((await path(url))?.route_changes).toHaveLength(1), 60_000);
        expect((await path(url))?.route_changes[0]).toMatchObject({
          source: 'ann',
          target_location: 'eu1',
          before: { id: 'right' },
          after: { id: 'new 2' },
        });
      }
    });
  },
);
