import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withoutTls } from '@netring/service/ring-tls';
import { monotonicMs } from './clock.ts';
import { createMembership, type Membership } from './membership.ts';
import { createRegistryClient, type RegistryClient } from './registry-client.ts';

/** Answers of a registry, by path, in the order they are given; the last one stays. */
type Script = Record<string, { status: number; body?: unknown }[]>;

const plan = { version: 'v1', epoch: 0 };
const registered = (session: string) => ({
  status: 200,
  body: { instance_id: 'm1', status: 'registered', session, plan },
});
const said = (status: number, message = 'because') => ({ status, body: { error: { code: 'x', message } } });

let server: Server;
let client: RegistryClient;
let membership: Membership | undefined;
let script: Script;
let calls: { path: string; bearer: string | undefined; body: unknown }[];
let happened: string[];

beforeEach(async () => {
  calls = [];
  happened = [];
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const path = request.url ?? '';
      const text = Buffer.concat(chunks).toString();
      calls.push({
        path,
        bearer: request.headers.authorization,
        body: text === '' ? undefined : JSON.parse(text),
      });
      const list = script[path] ?? [said(404)];
      const { status, body } = (list.length > 1 ? list.shift() : list[0]) as {
        status: number;
        body?: unknown;
      };
      response.writeHead(status).end(JSON.stringify(body ?? {}));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  client = createRegistryClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, withoutTls());
});

afterEach(async () => {
  await membership?.leave(100);
  client.close();
  server.close();
});

function join(): Membership {
  membership = createMembership({
    client,
    registration: () => ({ instance_id: 'm1', location: 'us1', ip: '127.0.0.1', port: 8757 }),
    instanceId: 'm1',
    tokens: ['join token', 'previous token'],
    now: monotonicMs,
    onRegistered: (_, again) => happened.push(again ? 'registered again' : 'registered'),
    onTrouble: (reason) => happened.push(reason ?? 'no trouble'),
  });
  return membership;
}

async function until(what: () => boolean): Promise<void> {
  for (let i = 0; i < 6_000 && !what(); i++) await wait(10);
  expect(what()).toBe(true);
}

describe('membership', () => {
  it('joins with the token, and speaks with its session from then on', async () => {
    script = { '/register': [registered('s1')], '/heartbeat': [{ status: 200, body: {} }] };
    const member = join();
    expect(await member.call({ method: 'GET', path: '/heartbeat' })).toEqual({
      kind: 'away',
      reason: 'not registered yet',
    });
    await until(() => happened.includes('registered'));
    await member.call({ method: 'POST', path: '/heartbeat', body: { instance_id: 'm1' } });
    expect(calls.map(({ path, bearer }) => [path, bearer])).toEqual([
      ['/register', 'Bearer join token'],
      ['/heartbeat', 'Bearer s1'],
    ]);
    expect(member.trouble()).toBeUndefined();
  });

  it.each([404, 401])(
    'registers again at once when it is unknown (%d), with the session it had',
    async (status) => {
      script = { '/register': [registered('s1'), registered('s2')], '/heartbeat': [said(status)] };
      const member = join();
      await until(() => happened.includes('registered'));
      await member.call({ method: 'POST', path: '/heartbeat', body: {} });
      await until(() => happened.includes('registered again'));
      expect(calls.at(-1)).toMatchObject({
        path: '/register',
        bearer: 'Bearer join token',
        body: { session: 's1' },
      });
    },
  );

  it.each([
    [said(401), /NETRING_TOKEN must be/],
    [
      said(409, 'm1 is live'),
      /another live member is called m1: m1 is live: give each member a NETRING_INSTANCE_ID/,
    ],
    [said(503, 'the store does not answer'), /status 503: the store does not answer/],
    [{ status: 200, body: { hello: 'I am no registry' } }, /status 200/],
  ])('says why it is not let in, and tries again: %j', async (first, why) => {
    script = { '/register': [first, registered('s1')] };
    join();
    await until(() => happened.length > 0);
    expect(happened[0]).toMatch(why);
    await until(() => happened.includes('registered'));
  });

  it('tries the other join token when one is refused, since they may just be changed', async () => {
    script = { '/register': [said(401), registered('s1')] };
    join();
    await until(() => happened.includes('registered'));
    expect(calls.map(({ bearer }) => bearer)).toEqual(['Bearer join token', 'Bearer previous token']);
  });

  it('says once that the registry is in trouble, and once that it is over', async () => {
    script = {
      '/register': [registered('s1')],
      '/report': [said(503, 'the store is away'), said(503, 'the store is away'), { status: 200, body: {} }],
    };
    const member = join();
    await until(() => happened.includes('registered'));
    for (let i = 0; i < 4; i++) await member.call({ method: 'POST', path: '/report', body: {} });
    expect(happened).toEqual([
      'no trouble',
      'registered',
      'it is in trouble itself: the store is away',
      'no trouble',
    ]);
  });
});
