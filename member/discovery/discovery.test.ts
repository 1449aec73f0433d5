import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLogger } from '@netring/service/log';
import { afterEach, expect, test } from 'vitest';
import { readMemberConfig } from '../config.ts';
import { startDiscovery, type Discovery } from './index.ts';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

function start(environment: Record<string, string>): Discovery | undefined {
  const { values: config } = readMemberConfig({
    environment: {
      NETRING_LOCATION: 'us1',
      NETRING_DISCOVERY_SOCKETS: 'off',
      NETRING_DOCKER_SOCKET: 'off',
      NETRING_KUBERNETES: 'off',
      ...environment,
    },
  });
  const discovery = startDiscovery({
    config,
    instanceId: 'm1',
    boot: 'b1',
    location: 'us1',
    tokens: [],
    keepMs: 600_000,
    ownPlaces: () => new Set(),
    log: createLogger('member', 'error'),
    onNews: () => undefined,
  });
  stops.push(() => discovery?.stop());
  return discovery;
}

/** A port of this machine that somebody listens on. */
async function takenPort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  stops.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

test('where it is turned off there is none', () => {
  expect(start({ NETRING_DISCOVERY: 'false' })).toBeUndefined();
});

test('a port that is taken is told, and everything else goes on', async () => {
  const port = await takenPort();
  const discovery = start({ NETRING_INTAKE_PORT: String(port) });
  await expect
    .poll(() => discovery?.figures().sources.find(({ kind }) => kind === 'observations'))
    .toMatchObject({
      state: 'off',
      reason: `port ${port} on 127.0.0.1 is taken by another program: set NETRING_INTAKE_PORT, or NETRING_INTAKE=false`,
    });
  expect(discovery?.telling.toTell().part.inventory?.sources.length).toBeGreaterThan(0);
});

test('an intake that is turned off listens nowhere, and is no source', async () => {
  const port = await takenPort();
  const discovery = start({ NETRING_INTAKE: 'false', NETRING_INTAKE_PORT: String(port) });
  await discovery?.stop();
  expect(discovery?.figures().sources).toEqual([]);
});

test('what was found is still told after its end', async () => {
  const discovery = start({ NETRING_INTAKE_PORT: '0' });
  await expect.poll(() => discovery?.figures().sources.length).toBeGreaterThan(0);
  await discovery?.stop();
  expect(discovery?.telling.toTell().part.inventory).toMatchObject({ services: [] });
});
