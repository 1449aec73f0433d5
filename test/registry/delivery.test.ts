import { createHmac } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import type { AlertsAnswer, Incident } from '@netring/contract/alert';
import { notification } from '@netring/contract/notification';
import type { TestAnswer } from '@netring/contract/receiver';
import { afterEach, describe, expect, test } from 'vitest';
import { redisUnavailableReason, startRedis } from '../redis/index.ts';
import { call } from './call.ts';
import { startRegistry, type RegistrySetup, type RunningRegistry } from './start-registry.ts';
import { join } from './test-member.ts';
import { patienceMs, until } from '../ring/until.ts';
import { notificationsOf, secretPath, startReceiver, type HttpReceiver } from '../alerts/http-receiver.ts';

/** So short that a test need not wait; the times themselves are tested with a simulated clock. */
const quick = {
  NETRING_ALERT_CONNECTIVITY_DOWN_FOR: '1',
  NETRING_ALERT_BAD_LOOKS: '2',
  NETRING_ALERT_OF_LOOKS: '3',
  NETRING_ALERT_GROUP_WAIT: '1',
};
const operator = 'the-operator-token-of-a-test';
const secret = 'the-secret-of-a-webhook';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function receiver(status?: number): Promise<HttpReceiver> {
  const one = await startReceiver(status);
  closing.push(() => one.close());
  return one;
}

/** One that takes what is sent, and never says so. */
async function silentReceiver(): Promise<HttpReceiver> {
  const one = await receiver();
  one.answer(undefined);
  return one;
}

const webhooks = (...all: HttpReceiver[]) => ({
  NETRING_ALERT_WEBHOOK_URLS: all.map(({ url }) => url).join(','),
});

async function start(setup: RegistrySetup): Promise<RunningRegistry> {
  const registry = await startRegistry({ ...setup, environment: { ...quick, ...setup.environment } });
  let stopped: Promise<void> | undefined;
  const stop = () => (stopped ??= registry.stop());
  closing.push(stop);
  return { ...registry, stop };
}

/** Members at two sites that do not reach each other, at `base` and wherever they are told to say it. */
async function cutPair(base: string, [a, b]: [string, string] = ['us1', 'eu1']) {
  const [ann, bob] = [
    await join(base, `${a}-a`, { location: a, port: 1 }),
    await join(base, `${b}-a`, { location: b, port: 2 }),
  ];
  /** To whichever registry there is by then. */
  const say = (outcome: 'ok' | 'timeout', at = base) =>
    // At once, so that no look finds one of them alone.
    Promise.all([ann.report({ [`${b}-a`]: outcome }, {}, at), bob.report({ [`${a}-a`]: outcome }, {}, at)]);
  await say('timeout');
  return { heal: (at?: string) => say('ok', at), stillDown: (at: string) => say('timeout', at) };
}

const states = (one: HttpReceiver) => notificationsOf(one).map(({ state, reason }) => `${state} ${reason}`);
const arrived = (one: HttpReceiver, wanted: string[]) =>
  until(
    `${wanted.join(', ')} to arrive`,
    patienceMs,
    () => Promise.resolve(states(one).length >= wanted.length),
    () => JSON.stringify(one.received),
  ).then(() => expect(states(one)).toEqual(wanted));
const alertsOf = async (base: string) => (await call(base, '/api/alerts')).json as AlertsAnswer;

describe('an incident', () => {
  test('is told once and its end once, signed, whoever else is down, and shown with addresses masked', async () => {
    const [hook, refusing, silent, slack] = [
      await receiver(),
      await receiver(500),
      await silentReceiver(),
      await receiver(200),
    ];
    const { url } = await start({
      environment: {
        ...webhooks(refusing, silent, hook),
        NETRING_ALERT_SLACK_URLS: slack.url,
        NETRING_ALERT_WEBHOOK_SECRET: secret,
        NETRING_PUBLIC_URL: 'https://netring.example.com/',
      },
    });
    const { heal } = await cutPair(url);
    await arrived(hook, ['firing opened']);
    const [first] = hook.received;
    const told = notification.parse(JSON.parse(first?.body ?? ''));
    expect(told).toMatchObject({
      summary: 'eu1 and us1 do not reach each other: both ways are down',
      incident: { severity: 'warning', cause: { kind: 'location_pair' } },
      url: 'https://netring.example.com/#page=alerts',
    });
    expect(told.alerts.map(({ name }) => name)).toEqual([
      'NetringConnectivityDown',
      'NetringConnectivityDown',
    ]);
    const signature = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(first?.headers['netring-signature']));
    const mac = createHmac('sha256', secret).update(`${signature?.[1]}.${first?.body}`).digest('hex');
    expect(signature?.[2]).toBe(mac);
    expect(first?.headers['netring-notification']).toBe(told.key);
    await until('Slack to be told', patienceMs, () => Promise.resolve(slack.received.length === 1));
    expect((JSON.parse(slack.received[0]?.body ?? '') as { text: string }).text).toMatch(
      /^\*Warning:\* eu1 and us1/,
    );
    // What failed is tried again, with the same words.
    await until('the one that refuses to be asked again', patienceMs, () =>
      Promise.resolve(refusing.received.length >= 2),
    );
    expect(new Set(notificationsOf(refusing).map(({ key }) => key))).toEqual(new Set([told.key]));

    const { receivers = [] } = await alertsOf(url);
    const byState = receivers.map(({ kind, pending, error }) => [kind, pending, error !== undefined]);
    expect(byState[0]).toEqual(['webhook', 1, true]);
    expect(byState.slice(2)).toEqual([
      ['webhook', 0, false],
      ['slack', 0, false],
    ]);
    const metrics = (await call(url, '/metrics')).text;
    const names = receivers.map((one) => one.receiver);
    expect(metrics).toContain(`netring_notifications_total{receiver="${names[2]}",outcome="delivered"} 1`);
    expect(metrics).toMatch(
      new RegExp(`netring_notifications_total\\{receiver="${names[0]}",outcome="failed"\\} [1-9]`),
    );
    expect(metrics).toContain(`netring_notifications_pending{receiver="${names[0]}"} 1`);
    expect(metrics).toContain('netring_notification_last_success_timestamp_seconds{');
    expect(`${metrics}${JSON.stringify(receivers)}`).not.toContain(secretPath);

    await heal();
    await arrived(hook, ['firing opened', 'resolved resolved']);
    const [, over] = notificationsOf(hook);
    expect([over?.incident.id, over?.incident.resolved_at_ms !== undefined]).toEqual([
      told.incident.id,
      true,
    ]);
  });

  test('that is silenced is told to nobody, and others are', async () => {
    const hook = await receiver();
    const { url } = await start({ environment: { ...webhooks(hook), NETRING_OPERATOR_TOKEN: operator } });
    const body = {
      kind: 'maintenance',
      matcher: { location: 'eu1' },
      duration_ms: 3_600_000,
      comment: 'a new line card',
    };
    expect((await call(url, '/api/silences', { body, bearer: operator })).status).toBe(201);
    await cutPair(url);
    await until(
      'the silenced incident',
      patienceMs,
      async () => (await alertsOf(url)).incidents[0]?.silenced,
    );
    await cutPair(url, ['sa1', 'ap1']);
    await arrived(hook, ['firing opened']);
    expect(notificationsOf(hook)[0]?.summary).toContain('ap1 and sa1');
  });

  test.each([
    ['was told: it is not told again, and its end is', 204, ['firing opened', 'resolved resolved']],
    [
      'could not be told: it is, by the same words',
      503,
      ['firing opened', 'firing opened', 'resolved resolved'],
    ],
  ])('that fires while the registry restarts, and %s', async (_, status, wanted) => {
    const folder = await mkdtemp(joinPath(tmpdir(), 'netring-delivery-'));
    closing.push(() => rm(folder, { recursive: true, force: true }));
    const hook = await receiver(status);
    const first = await start({ environment: webhooks(hook), folder });
    const pair = await cutPair(first.url);
    await arrived(hook, ['firing opened']);
    const told = (await alertsOf(first.url)).incidents;
    await first.stop();
    hook.answer(204);
    const before = hook.received.length;
    const restartedMs = Date.now();
    const second = await start({ environment: webhooks(hook), folder });
    await pair.stillDown(second.url);
    await until('it to look', patienceMs, async () => {
      const state = JSON.parse(String(await second.store.table.get('alerts', 'state'))) as {
        lookedAtMs: number;
      };
      return state.lookedAtMs > restartedMs;
    });
    const still = ({ id, state, changed_ms }: Incident) => [id, state, changed_ms];
    expect((await alertsOf(second.url)).incidents.map(still)).toEqual(told.map(still));
    if (status !== 204)
      await until('it to be told', patienceMs, () => Promise.resolve(hook.received.length > before));
    await pair.heal(second.url);
    // One that was refused may have been tried more than once before the restart.
    const tries = Array<string>(before - 1).fill('firing opened');
    await arrived(hook, [...tries, ...wanted]);
    expect(new Set(notificationsOf(hook).map(({ key }) => key)).size).toBe(2);
  });
});

describe('a test', () => {
  test('reaches every receiver at once, tells how each took it, and is for operators', async () => {
    const [hook, moved, slack] = [await receiver(), await receiver(307), await receiver(200)];
    const gone = await receiver();
    await gone.close();
    const { url } = await start({
      environment: {
        ...webhooks(hook, moved, gone),
        NETRING_ALERT_SLACK_URLS: slack.url,
        NETRING_OPERATOR_TOKEN: operator,
      },
    });
    const ask = (bearer?: string) => call(url, '/api/alerts/test', { method: 'POST', bearer });
    expect((await ask()).status).toBe(401);
    const { status, json, text } = await ask(operator);
    expect(status).toBe(200);
    expect((json as TestAnswer).receivers.map(({ kind, outcome, error }) => [kind, outcome, error])).toEqual([
      ['webhook', 'delivered', undefined],
      ['webhook', 'failed', 'it answered 307'],
      ['webhook', 'failed', 'ECONNREFUSED'],
      ['slack', 'delivered', undefined],
    ]);
    expect(text).not.toContain(secretPath);
    expect(notificationsOf(hook).map(({ state }) => state)).toEqual(['test']);
    // A redirect leads nowhere.
    expect(moved.received).toHaveLength(1);
  });
});

const reason = redisUnavailableReason();
describe.skipIf(reason !== undefined)('replicas', () => {
  test('one of which leads and goes: the next tells the end, nothing twice, and a flush takes nothing of that away', async () => {
    const redis = await startRedis();
    closing.push(() => redis.stop());
    const hook = await receiver();
    const setup = { environment: webhooks(hook), redisUrl: redis.url };
    const one = await start(setup);
    const two = await start(setup);
    const { heal } = await cutPair(one.url);
    await arrived(hook, ['firing opened']);
    const receivers = async (base: string) =>
      (await alertsOf(base)).receivers?.map(({ last_success_ms }) => last_success_ms);
    await until('both to tell how it went', patienceMs, async () => {
      const [a, b] = [await receivers(one.url), await receivers(two.url)];
      return a?.[0] !== undefined && a[0] === b?.[0];
    });
    // Whichever leads: after both have gone and come once, the lease has changed hands.
    await one.stop();
    const three = await start(setup);
    await two.stop();
    await heal(three.url);
    await arrived(hook, ['firing opened', 'resolved resolved']);
    await redis.flush();
    await until('the store to know it again', patienceMs, async () =>
      (await three.store.table.get('delivery', 'state'))?.toString().includes('"state":"resolved"'),
    );
  });
});
