import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { askMembers } from './ask-members.ts';

async function registryThat(answers: RequestListener): Promise<string> {
  const server = createServer(answers);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('asks with the token and the filter, and reads the time of the registry', async () => {
  const seen: unknown[] = [];
  const url = await registryThat((request, response) => {
    seen.push(request.url, request.headers.authorization);
    response.setHeader('date', 'Thu, 01 Jan 1970 00:16:40 GMT').end('{"members":[]}');
  });
  expect(await askMembers({ url, token: 'secret' }, 'online')).toEqual({ members: [], nowS: 1000 });
  expect(seen).toEqual(['/members?status=online', 'Bearer secret']);
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test('a registry that is not there: what to do', async () => {
  const url = `http://127.0.0.1:${await freePort()}`;
  await expect(askMembers({ url, token: undefined })).rejects.toThrow(
    /at http:\/\/127\.0\.0\.1:\d+ cannot be reached: ECONNREFUSED.*\n.*netring up.*NETRING_REGISTRY_URL/,
  );
});

test.each([
  [401, '{}', undefined, /does not let everybody read \(401\): give its view token with --token/],
  [401, '{}', 'wrong', /does not accept this token/],
  [500, '{"error":{"code":"x","message":"bad\\u001b[2J"}}', undefined, /answered 500: bad\ufffd\[2J$/],
  [200, '<html>', undefined, /not as a registry/],
  [200, '{"members":[{}]}', undefined, /not as a registry/],
])('an answer of %d %s with token %s is explained', async (status, body, token, message) => {
  const url = await registryThat((_, response) => response.writeHead(status).end(body));
  await expect(askMembers({ url, token })).rejects.toThrow(message);
});

test.each(['nonsense', 'ftp://host', 'http://'])('%s is no address', async (url) => {
  await expect(askMembers({ url, token: undefined })).rejects.toThrow("is not a registry's address");
});
