import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { configuredServers } from './traefik-api.ts';
import { localServices } from './traefik-names.ts';

let server: Server | undefined;
afterEach(() => server?.close());

/** An API with these lists, one entry a page. */
async function traefik(lists: Record<string, unknown[]>): Promise<string> {
  server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://x');
    const list = lists[url.pathname];
    const page = Number(url.searchParams.get('page'));
    if (list === undefined) response.writeHead(404).end('{"message":"no"}');
    else
      response
        .writeHead(200, { 'X-Next-Page': String(page < list.length ? page + 1 : 1) })
        .end(JSON.stringify(list.slice(page - 1, page)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

const routers = [
  { name: 'users@docker', provider: 'docker', service: 'users', status: 'enabled' },
  { name: 'shop@file', provider: 'file', service: 'shop@file', status: 'warning' },
  { name: 'old@docker', provider: 'docker', service: 'old', status: 'disabled' },
  { name: 'api@internal', provider: 'internal', service: 'api@internal', status: 'enabled' },
];
const services = [
  {
    name: 'users@docker',
    provider: 'docker',
    loadBalancer: { servers: [{ url: 'http://172.18.0.5:8080' }] },
  },
  { name: 'shop@file', loadBalancer: { servers: [{ url: 'https://shop.internal/x' }, { url: 'nonsense' }] } },
  { name: 'old@docker', provider: 'docker', loadBalancer: { servers: [{ url: 'http://172.18.0.9:80' }] } },
  { name: 'api@internal', provider: 'internal' },
  { unknown: true },
];

describe("Traefik's configuration", () => {
  test('names the servers that routers lead to, over all pages', async () => {
    const api = await traefik({ '/api/http/routers': routers, '/api/http/services': services });
    expect(await configuredServers(api, new AbortController().signal)).toEqual([
      { service: 'users', provider: 'docker', host: '172.18.0.5', port: 8080 },
      { service: 'shop', provider: 'file', host: 'shop.internal', port: 443 },
    ]);
  });

  test('that cannot be read says what was asked', async () => {
    const api = await traefik({ '/api/http/routers': routers });
    await expect(configuredServers(api, new AbortController().signal)).rejects.toThrow(
      /api\/http\/services\?page=1&per_page=100 could not be read: it answered 404/,
    );
  });

  test('gives an alias to what is known, makes containers known, and leaves the rest', () => {
    const of = (service: string, provider: string, host: string) => ({ service, provider, host, port: 80 });
    const { services: local, elsewhere } = localServices(
      [
        ...[of('users', 'docker', '172.18.0.5'), of('users', 'docker', '172.18.0.6')],
        ...[of('shop', 'docker', '172.18.0.7'), of('far', 'file', '10.9.0.1'), of('named', 'file', 'db')],
      ],
      (host) => (host === '172.18.0.7' ? 'shop-web' : undefined),
    );
    expect(local).toMatchObject([
      { name: 'users', addresses: ['172.18.0.5', '172.18.0.6'], reach: 'host', start_mode: 'docker' },
      { name: 'shop-web', aliases: ['shop'], listeners: [] },
    ]);
    expect(elsewhere).toBe(2);
  });
});
