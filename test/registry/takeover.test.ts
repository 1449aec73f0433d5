import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { signAddress } from '@netring/contract/proof';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { call, type Answer } from './call.ts';
import { joinToken, startRegistry, type RunningRegistry } from './start-registry.ts';
import { join, members } from './test-member.ts';

let registry: RunningRegistry;
beforeAll(async () => {
  registry = await startRegistry();
});
afterAll(() => registry.stop());

const opened: Server[] = [];
afterEach(() => {
  for (const server of opened.splice(0)) server.close();
});

/** Answers the address proof as a member does: for its own id and address, whoever asks. */
async function listenAsMember(id: string, token = joinToken): Promise<number> {
  const server = createServer((request, response) => {
    const { port } = server.address() as AddressInfo;
    const nonce = new URL(request.url ?? '/', 'http://member').searchParams.get('nonce') ?? '';
    response.end(JSON.stringify(signAddress(token, { instance_id: id, ip: '127.0.0.1', port }, nonce)));
  });
  opened.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const register = (id: string, more: object): Promise<Answer> =>
  call(registry.url, '/register', {
    body: { instance_id: id, location: 'us1', ip: '127.0.0.1', port: 8757, ...more },
    bearer: joinToken,
  });

const taken = {
  error: {
    code: 'instance_id_taken',
    message:
      'a live member at another address has this instance_id: give this one another NETRING_INSTANCE_ID, or wait until the other is offline',
  },
};
const silent = {
  error: {
    code: 'address_not_answering',
    message:
      'this instance_id is live and its address did not answer the address proof: is the member listening there, and does it use the same NETRING_TOKEN?',
  },
};

describe('a live instance_id', () => {
  test('is not taken over from another address', async () => {
    const ann = await join(registry.url, 'ann', { port: 1001 });
    for (const other of [
      { port: 1002 },
      { ip: '127.0.0.2', port: 1001 },
      { port: 1002, session: 'guessed' },
    ]) {
      const { status, json } = await register('ann', other);
      expect({ status, json }).toEqual({ status: 409, json: taken });
    }
    expect((await ann.heartbeat()).status).toBe(200);
  });

  test('is taken over from its own address once that has answered', async () => {
    const port = await listenAsMember('bob');
    const bob = await join(registry.url, 'bob', { port });
    expect((await register('bob', { port, location: 'moved' })).status).toBe(200);
    expect((await members(registry.url)).find(({ instance_id }) => instance_id === 'bob')?.location).toBe(
      'moved',
    );
    expect((await bob.heartbeat()).status).toBe(401);
  });

  test.each<[string, () => Promise<number>]>([
    ['that does not answer', () => Promise.resolve(1)],
    ['where another member answers', () => listenAsMember('somebody else')],
    ['that answers with another token', () => listenAsMember('carl', 'another-token-of-some-length')],
  ])('is not taken over from its own address %s', async (what, listening) => {
    const port = await listening();
    const carl = await join(registry.url, `carl`, { port }).catch(() => undefined);
    const { status, json } = await register('carl', { port });
    expect({ status, json }).toEqual({ status: 409, json: silent });
    expect((await carl?.heartbeat())?.status, what).toBe(200);
    await carl?.deregister();
  });

  test('is taken over with its session, from wherever', async () => {
    const { session } = await join(registry.url, 'dora', { port: 1004 });
    expect((await register('dora', { ip: '127.0.0.9', port: 1005, session })).status).toBe(200);
    const dora = (await members(registry.url)).find(({ instance_id }) => instance_id === 'dora');
    expect(dora).toMatchObject({ ip: '127.0.0.9', port: 1005, proved: false });
  });

  test('is free once it has said goodbye', async () => {
    const eve = await join(registry.url, 'eve', { port: 1006 });
    await eve.deregister();
    expect((await register('eve', { port: 1007 })).status).toBe(200);
  });
});

test('an id that is offline is free', async () => {
  const folder = await mkdtemp(joinPath(tmpdir(), 'netring-takeover-'));
  const first = await startRegistry({ folder });
  await join(first.url, 'finn', { port: 1008 });
  await first.store.table.put('seen', 'finn', String(Date.now() - 600_000));
  await first.stop();
  const second = await startRegistry({ folder });
  expect((await members(second.url)).map(({ status }) => status)).toEqual(['offline']);
  await join(second.url, 'finn', { port: 1009 });
  await second.stop();
  await rm(folder, { recursive: true });
});
