import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { appendFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { GraphAnswer } from '@netring/contract/graph';
import { parse } from 'yaml';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startNetring, type Program } from '../bench/program.ts';
import { startEmbeddedRegistry, type BenchRegistry } from '../bench/start-registry.ts';
import { patienceMs, until } from '../ring/until.ts';
import { buildNetring } from '../start/built-netring.ts';
import { addressesOf, serveDocker, type DemoService } from './demo-docker.ts';

/**
 * The demo of two proxies without Traefik: members with the settings of its compose files read logs as its proxies write
 * them, and one registry draws one map.
 */
type Service = DemoService & { environment?: Record<string, string> };
const demo = fileURLToPath(new URL('../../deployment/demo-traefik/', import.meta.url));
const services = (file: string) =>
  (parse(readFileSync(demo + file, 'utf8')) as { services: Record<string, Service> }).services;
const first = services('docker-compose.yml');
const second = services('docker-compose.second.yml');
const networks = ['public', 'private', 'ring', 'second'];
const addresses = addressesOf({ ...first, ...second }, networks);

const folder = mkdtempSync(join(tmpdir(), 'netring-demo-'));
const stops: (() => unknown)[] = [];
let registry: BenchRegistry;
const members: Program[] = [];

beforeAll(async () => {
  await buildNetring();
  registry = await startEmbeddedRegistry();
  stops.push(() => registry.stop());
  const socket = join(folder, 'docker.sock');
  stops.push(await serveDocker(socket, 'demo', addresses, networks));
  for (const [name, { environment = {} }] of [
    ['member', first.member as Service],
    ['member-second', second['member-second'] as Service],
  ] as const) {
    const logs = (environment.NETRING_ACCESS_LOGS ?? '')
      .replaceAll('/var/log/traefik', folder)
      .replace(/ api=\S+?(?=,|$)/g, '');
    for (const [path] of logs.matchAll(/\/\S+\.json/g)) await writeFile(path, '');
    const member = await startNetring('member', {
      ...environment,
      NETRING_ACCESS_LOGS: logs,
      NETRING_REGISTRY_URL: registry.url,
      NETRING_INSTANCE_ID: name,
      NETRING_SERVER_HOST: '127.0.0.1',
      NETRING_SERVER_PORT: '0',
      NETRING_DISCOVERY_SOCKETS: 'off',
      NETRING_INTAKE: '0',
      NETRING_DOCKER_SOCKET: socket,
    });
    stops.push(() => member.stop());
    members.push(member);
  }
});
afterAll(async () => {
  for (const stop of stops.reverse()) await stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Where a proxy of the demo leads to. */
function serverOf(proxy: string): string {
  return /url: (\S+)/.exec(readFileSync(join(demo, `${proxy}.yml`), 'utf8'))?.[1] ?? '';
}

/** What a proxy logs of a request: from a service's address in one network, to a server by its URL. */
function logged(from: string, network: string, url: string, host: string): string {
  const now = new Date().toISOString();
  const line = {
    ...{ StartUTC: now, time: now, level: 'info', msg: '' },
    ...{ ClientAddr: `${addresses[from]?.[network]}:43210`, ClientHost: addresses[from]?.[network] },
    ...{
      RequestHost: host,
      RequestMethod: 'GET',
      RequestPath: '/',
      RequestScheme: 'http',
      RequestProtocol: 'HTTP/1.1',
    },
    ...{ ServiceURL: url, ServiceAddr: new URL(url).host, RouterName: `${host}@file`, entryPointName: 'web' },
    ...{ Duration: 12_000_000, OriginDuration: 11_000_000, Overhead: 1_000_000 },
    ...{ DownstreamStatus: 200, OriginStatus: 200, DownstreamContentSize: 90, RequestContentSize: 0 },
  };
  return `${JSON.stringify(line)}\n`;
}

test('two proxies, a service that calls, a leaf and a caller from another network are one map', async () => {
  const write = (file: string, line: string) => appendFile(join(folder, file), line);
  const wanted = [
    'visitor → traefik-public',
    'traefik-public → orders',
    'orders → traefik-private',
    'traefik-private → stock',
    'reports → traefik-second',
    'traefik-second → traefik-public',
  ];
  let drawn: string[] = [];
  await until(
    'the map has both networks',
    patienceMs,
    async () => {
      await write('public.json', logged('visitor', 'public', serverOf('public'), 'public.localhost'));
      await write('public.json', logged('traefik-second', 'public', serverOf('public'), 'public.localhost'));
      await write('private.json', logged('orders', 'private', serverOf('private'), 'stock.private'));
      await write('second.json', logged('reports', 'second', serverOf('second'), 'orders.first'));
      const graph = (await (await fetch(`${registry.url}/topology`)).json()) as GraphAnswer;
      const name = (id: string) => graph.services[id]?.service_name ?? id;
      drawn = graph.dependencies.map((one) => `${name(one.source_service)} → ${name(one.target_service)}`);
      return wanted.every((one) => drawn.includes(one));
    },
    () => `drawn: ${drawn.join('; ')}\n${members.map((one) => one.output().slice(-1500)).join('\n')}`,
  );
  expect([...new Set(drawn)].sort()).toEqual([...wanted].sort());
});
