import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { post, Unanswered } from './index.ts';

let server: Server;
let url: URL;
let asked: string[] = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(`${request.url} ${request.headers.authorization ?? ''}`);
    if (request.url !== '/silent') response.writeHead(204).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

test('a name and password are sent as they are meant', async () => {
  asked = [];
  const own = new URL(url.href.replace('//', '//ops:50%25@'));
  expect(await post({ url: own, headers: {}, body: '{}' })).toEqual({ status: 204 });
  expect(asked).toEqual([`/ Basic ${Buffer.from('ops:50%').toString('base64')}`]);
});

test('who has not answered when the sender ends is waited for no longer', async () => {
  asked = [];
  const stopping = new AbortController();
  const sent = post({ url: new URL('/silent', url), headers: {}, body: '{}', signal: stopping.signal });
  const failed = expect(sent).rejects.toThrow(Unanswered);
  const why = expect(sent).rejects.toThrow('when this process ended');
  await expect.poll(() => asked.length).toBe(1);
  stopping.abort();
  await failed;
  await why;
});
