import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import type { AlertsAnswer, Silence } from '@netring/contract/alert';
import { afterEach, describe, expect, test } from 'vitest';
import { call } from './call.ts';
import { listenToEvents } from './event-stream.ts';
import { startRegistry, type RunningRegistry } from './start-registry.ts';
import { join, overview, type TestMember } from './test-member.ts';
import { redisUnavailableReason, startRedis } from '../redis/index.ts';
import { patienceMs, until } from '../ring/until.ts';

/** So short that a test need not wait; the times themselves are tested with a simulated clock. */
const quick = {
  NETRING_ALERT_CONNECTIVITY_DOWN_FOR: '1',
  NETRING_ALERT_BAD_LOOKS: '2',
  NETRING_ALERT_OF_LOOKS: '3',
};
const operator = 'the-operator-token-of-a-test';

const running: RunningRegistry[] = [];
afterEach(async () => {
  for (const registry of running.splice(0)) await registry.stop();
});

async function start(
  environment: Record<string, string> = {},
  more: { redisUrl?: string; folder?: string } = {},
) {
  const registry = await startRegistry({ environment: { ...quick, ...environment }, ...more });
  running.push(registry);
  return registry;
}

const ask = async (base: string) => (await call(base, '/api/alerts')).json as AlertsAnswer;

/** Two members that do not reach each other; they say so again and again until told to stop. */
async function cutPair(
  base: string,
): Promise<{ ann: TestMember; bob: TestMember; heal: () => Promise<void> }> {
  const ann = await join(base, 'ann', { location: 'us1', port: 1 });
  const bob = await join(base, 'bob', { location: 'eu1', port: 2 });
  // At once, so that no look finds one of them alone.
  await Promise.all([ann.report({ bob: 'timeout' }), bob.report({ ann: 'timeout' })]);
  const heal = async () => {
    await ann.report({ bob: 'ok' });
    await bob.report({ ann: 'ok' });
  };
  return { ann, bob, heal };
}

async function firing(base: string) {
  const { value } = await until('an incident', patienceMs, async () => {
    const answer = await ask(base);
    const open = answer.incidents.filter(({ state }) => state === 'open');
    return answer.alerts.filter(({ state }) => state === 'firing').length === 2 && open.length > 0 && answer;
  });
  return value;
}

describe('a registry', () => {
  test('tells of a pair that does not reach each other: in the API, the overview, the events and the metrics', async () => {
    const { url } = await start();
    const stream = await listenToEvents(url);
    const { heal } = await cutPair(url);
    const { incidents, alerts } = await firing(url);
    expect(incidents.map(({ cause, state }) => [cause.kind, state])).toEqual([['location_pair', 'open']]);
    expect(incidents[0]?.summary).toBe('eu1 and us1 do not reach each other: both ways are down');
    expect(new Set(alerts.map(({ incident }) => incident))).toEqual(new Set([incidents[0]?.id]));
    expect((await overview(url)).incidents).toEqual(incidents);
    const metrics = (await call(url, '/metrics')).text;
    expect(metrics).toContain('netring_alerts{rule="connectivity_down",state="firing"} 2');
    expect(metrics).toContain('netring_incidents 1');
    await until('an event', patienceMs, () =>
      Promise.resolve(stream.named('alerts').some(({ data }) => (data.incidents as unknown[]).length === 1)),
    );
    await heal();
    const { value: over } = await until('its end', patienceMs, async () => {
      const answer = await ask(url);
      return answer.incidents.every(({ state }) => state === 'resolved') && answer;
    });
    expect(over.alerts.map(({ state }) => state)).toEqual(['resolved', 'resolved']);
    expect((await overview(url)).incidents).toEqual([]);
    stream.close();
  });

  test('never alerts on a goodbye, and resolves what went away', async () => {
    const { url } = await start();
    const { bob } = await cutPair(url);
    await firing(url);
    await bob.deregister();
    const { value } = await until('nothing open', patienceMs, async () => {
      const answer = await ask(url);
      return answer.alerts.every(({ state }) => state === 'resolved') && answer;
    });
    expect(value.incidents.map(({ state }) => state)).toEqual(['resolved']);
    expect(value.alerts.filter(({ rule }) => rule === 'member_down')).toEqual([]);
  });

  test('keeps quiet what an operator silences, and nothing that others ask for', async () => {
    const { url } = await start({ NETRING_OPERATOR_TOKEN: operator });
    await cutPair(url);
    await firing(url);
    const body = { matcher: { location: 'eu*' }, duration_ms: 3_600_000, comment: 'a new line card' };
    const enter = (bearer?: string, headers = {}) => call(url, '/api/silences', { body, bearer, headers });
    expect((await enter()).status).toBe(401);
    expect((await enter('the-join-token-of-a-test')).status).toBe(401);
    expect((await enter(operator, { origin: 'https://evil.example' })).status).toBe(403);
    const entered = await enter(operator, { origin: url });
    expect(entered.status).toBe(201);
    const { id } = entered.json as Silence;
    const { incidents, alerts, silences } = await ask(url);
    expect(silences.map((one) => [one.id, one.comment])).toEqual([[id, 'a new line card']]);
    expect(alerts.map(({ silenced_by }) => silenced_by)).toEqual([[id], [id]]);
    expect(incidents.map(({ silenced }) => silenced)).toEqual([true]);
    const end = (bearer?: string, which = id) =>
      call(url, `/api/silences/${which}`, { method: 'DELETE', bearer });
    expect((await end()).status).toBe(401);
    expect((await end(operator, 'nothing')).status).toBe(404);
    expect((await end(operator)).status).toBe(200);
    const after = await ask(url);
    expect([after.silences, after.incidents.map(({ silenced }) => silenced)]).toEqual([[], [false]]);
  });

  test.each([
    ['nothing to match', { matcher: {}, duration_ms: 1000, comment: 'x' }, 'matcher'],
    ['no comment', { matcher: { rule: 'loss' }, duration_ms: 1000 }, 'comment'],
    ['a year', { matcher: { rule: 'loss' }, duration_ms: 366 * 86_400_000, comment: 'x' }, 'duration_ms'],
  ])('refuses a silence with %s', async (_, body, field) => {
    const { url } = await start({ NETRING_OPERATOR_TOKEN: operator });
    const { status, json } = await call(url, '/api/silences', { body, bearer: operator });
    expect([status, (json as { error: { field: string } }).error.field]).toEqual([400, field]);
  });

  test('goes on after a restart from where it was', async () => {
    const folder = await mkdtemp(joinPath(tmpdir(), 'netring-alerts-'));
    try {
      const first = await start({}, { folder });
      await cutPair(first.url);
      const before = await firing(first.url);
      await running.splice(0)[0]?.stop();
      const second = await start({}, { folder });
      const after = await ask(second.url);
      expect(after.incidents).toEqual(before.incidents);
      const since = ({ alerts }: AlertsAnswer) => alerts.map((one) => [one.id, one.pending_since_ms]);
      expect(since(after)).toEqual(since(before));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

const reason = redisUnavailableReason();
describe.skipIf(reason !== undefined)('replicas', () => {
  test('tell the same, and what people entered outlives a flush of the store', async () => {
    const redis = await startRedis();
    try {
      const environment = { NETRING_OPERATOR_TOKEN: operator };
      const one = await start(environment, { redisUrl: redis.url });
      const two = await start(environment, { redisUrl: redis.url });
      await cutPair(one.url);
      const told = await firing(one.url);
      const { value } = await until('the other tells it', patienceMs, async () => {
        const answer = await ask(two.url);
        return answer.incidents.length === told.incidents.length && answer;
      });
      expect(value.incidents.map(({ id, summary }) => [id, summary])).toEqual(
        told.incidents.map(({ id, summary }) => [id, summary]),
      );
      const body = { matcher: { rule: 'loss' }, duration_ms: 3_600_000, comment: 'known' };
      await call(one.url, '/api/silences', { body, bearer: operator });
      await until('both know it', patienceMs, async () => (await ask(two.url)).silences.length === 1);
      await redis.flush();
      await until('the store has it again', patienceMs, async () =>
        [...(await one.store.table.list('entered:silences')).values()].some((text) =>
          text.toString().includes('known'),
        ),
      );
      for (const { url } of [one, two]) {
        await until('it is told again', patienceMs, async () => (await ask(url)).silences.length === 1);
      }
    } finally {
      for (const registry of running.splice(0)) await registry.stop();
      await redis.stop();
    }
  });
});
