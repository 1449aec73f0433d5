import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import type { LinkSample } from '@netring/contract/link';
import { afterEach, describe, it, vi } from 'vitest';
import { call } from './call.ts';
import { startRegistry, type RegistrySetup, type RunningRegistry } from './start-registry.ts';
import { join } from './test-member.ts';

const operator = 'the-operator-token-of-a-test';
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function started(setup: RegistrySetup = {}): Promise<RunningRegistry> {
  const environment = { NETRING_OPERATOR_TOKEN: operator, ...setup.environment };
  const registry = await startRegistry({ ...setup, environment });
  closing.push(() => registry.stop());
  return registry;
}

const allowLoopback = { NETRING_WATCHER_ALLOW: '127.0.0.0/8' };

const push = { links: [{ active: 'bp-1', passive: 'bp-2', role: 'blocks', up: { fork_depth: 2 } }] };

interface Received {
  headers: IncomingMessage['headers'];
  body: string;
}

/** A watcher's server: answers with the statuses given, one after the other, then 204. */
async function receiver(...statuses: number[]): Promise<{ url: string; received: Received[] }> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
      const status = statuses.shift() ?? 204;
      response.writeHead(status, status === 307 ? { location: '/elsewhere' } : {}).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, received };
}

const waitFor = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 60_000, interval: 20 });

describe('links that applications push', () => {
  it('are taken from a member or an operator, and from nobody else', async () => {
    const { url } = await started({ environment: { NETRING_VIEW_TOKEN: 'the-view-token-of-a-test' } });
    const member = await join(url, 'a');
    const post = (bearer: string | undefined, body: object = push) =>
      call(url, '/topology/links', { body, ...(bearer === undefined ? {} : { bearer }) });
    for (const bearer of [undefined, 'the-view-token-of-a-test', 'nonsense']) {
      assert.equal((await post(bearer)).status, 401);
    }
    assert.equal((await post(member.session)).status, 200);
    assert.equal((await post(operator)).status, 200);
    const wrong = await post(operator, { links: [{ ...push.links[0], up: { fork_depth: -1 } }] });
    assert.equal(wrong.status, 400);
    const read = (path: string) => call(url, path, { bearer: operator });
    const sample = (await read('/topology/sample')).json as LinkSample;
    assert.deepEqual(sample.links[0]?.up, { fork_depth: { count: 2, last: 2, min: 2, max: 2, avg: 2 } });
    assert.deepEqual(sample.nodes.map(({ key }) => key).sort(), ['a', 'bp-1', 'bp-2']);
    const { nodes } = (await read('/topology/nodes?role=member')).json as LinkSample;
    assert.deepEqual(
      nodes.map(({ key }) => key),
      ['a'],
    );
    const { links } = (await read('/topology/links?node=bp-1,bp-2')).json as LinkSample;
    assert.equal(links.length, 1);
    const databases = await read('/topology/nodes?role=database');
    assert.deepEqual((databases.json as LinkSample).nodes, []);
    const role = await read('/topology/nodes?role=databse');
    assert.equal(role.status, 400);
    assert.match(JSON.stringify(role.json), /unknown_role.*there are .*database.*member/);
    const node = await read('/topology/links?node=bp-1,bp-9');
    assert.equal(node.status, 404);
    assert.match(JSON.stringify(node.json), /unknown_node.*node 2 of those/);
    assert.equal((await call(url, '/topology/nodes')).status, 401);
  });
});

describe('watchers', () => {
  const add = (url: string, body: object, bearer = operator) =>
    call(url, '/topology/watchers', { body, bearer });

  it('get signed samples of what they asked for', async () => {
    const { url } = await started({ environment: allowLoopback });
    const hook = await receiver();
    await call(url, '/topology/links', { body: push, bearer: operator });
    const other = { links: [{ active: 'x', passive: 'y', up: { queue_depth: 1 } }] };
    await call(url, '/topology/links', { body: other, bearer: operator });
    const added = await add(url, { url: hook.url, nodes: ['bp-1'], metrics: ['fork_depth'] });
    assert.equal(added.status, 201);
    const { id, secret } = added.json as { id: string; secret: string };
    await waitFor(() => assert(hook.received.length > 0));
    const [{ headers, body }] = hook.received as [Received];
    const sample = JSON.parse(body) as LinkSample;
    assert.deepEqual(
      sample.links.map(({ role }) => role),
      ['blocks'],
    );
    assert.deepEqual(sample.nodes.map(({ key }) => key).sort(), ['bp-1', 'bp-2']);
    const signature = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['netring-signature']));
    const expected = createHmac('sha256', secret).update(`${signature?.[1]}.${body}`).digest('hex');
    assert.equal(signature?.[2], expected);
    assert.equal(headers['netring-watcher'], id);
    const listed = await call(url, '/topology/watchers', { bearer: operator });
    assert(!listed.text.includes(secret));
    assert(listed.text.includes(id));
  });

  it('get the same sample again when they fail, are not followed elsewhere, and can be removed', async () => {
    const { url } = await started({ environment: allowLoopback });
    const hook = await receiver(500, 307);
    const added = await add(url, { url: hook.url, interval_s: 86_400, secret: 'a-secret-of-16-chars' });
    const { id } = added.json as { id: string };
    await waitFor(() => assert.equal(hook.received.length, 3));
    const samples = hook.received.map(({ headers, body }) => [headers['netring-sample'], body]);
    assert.deepEqual(samples[1], samples[0]);
    assert.deepEqual(samples[2], samples[0]);
    await waitFor(async () => {
      const { text } = await call(url, '/topology/watchers', { bearer: operator });
      assert.match(text, /"delivered":1,"failed":2/);
    });
    const remove = () => call(url, `/topology/watchers/${id}`, { method: 'DELETE', bearer: operator });
    assert.equal((await remove()).status, 200);
    assert.equal((await remove()).status, 404);
  });

  it('are never sent to this machine, to metadata services or the like, unless that is allowed', async () => {
    const { url } = await started();
    for (const forbidden of [
      'http://127.0.0.1:9/',
      'http://localhost/',
      'http://[::1]/',
      'http://169.254.169.254/latest',
      'http://0x7f000001/',
      'http://[::ffff:169.254.169.254]/',
      'http://name:password@93.184.216.34/',
      'ftp://93.184.216.34/',
    ]) {
      const { status, json } = await add(url, { url: forbidden });
      assert.equal(status, 400, forbidden);
      assert.equal((json as { error: { field: string } }).error.field, 'url');
    }
  });

  it('need the right to operate', async () => {
    const { url } = await started({ environment: allowLoopback });
    const member = await join(url, 'a');
    for (const bearer of ['nonsense', member.session])
      assert.equal((await add(url, { url: 'http://127.0.0.1:9/' }, bearer)).status, 401);
  });

  it('survive a restart of the registry', async () => {
    const folder = await mkdtemp(joinPath(tmpdir(), 'netring-watchers-'));
    closing.push(() => rm(folder, { recursive: true, force: true }));
    const environment = { NETRING_OPERATOR_TOKEN: operator, ...allowLoopback };
    const first = await startRegistry({ folder, environment });
    const hook = await receiver();
    await add(first.url, { url: hook.url, interval_s: 5 });
    await waitFor(() => assert(hook.received.length > 0));
    await first.stop();
    const before = hook.received.length;
    await started({ folder, environment: allowLoopback });
    await waitFor(() => assert(hook.received.length > before));
  });
});
