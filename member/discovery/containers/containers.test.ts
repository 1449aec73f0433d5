import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AddressAlias, LocalService } from '@netring/contract/inventory';
import { createLogger } from '@netring/service/log';
import { afterEach, describe, expect, it } from 'vitest';
import type { Collector } from '../collector.ts';
import { startContainers, type ContainersOptions } from './containers.ts';

/**
 * What Docker 20.10 answered, served again over a socket: where tests run there is no Docker. Its containers: `orders` of
 * a Compose project behind port 8081, a pod-like name on the default bridge, and one with the host's network.
 */
interface Recorded {
  containers: { Id: string; Names: string[] }[];
  inspected: Record<string, object>;
  networks: object[];
}
const recorded = JSON.parse(
  readFileSync(new URL('recorded-docker.json', import.meta.url), 'utf8'),
) as Recorded;
const [onHost, pay, orders] = recorded.containers.map(({ Id }) => Id) as [string, string, string];

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function socketPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'netring-docker-'));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'docker.sock');
}

/** Serves what Docker had answered. */
async function recordedDocker(path: string) {
  const docker = {
    containers: recorded.containers,
    listeners: new Set<ServerResponse>(),
    asked: [] as string[],
  };
  const server = createServer(({ url = '', method = '' }, response) => {
    docker.asked.push(`${method} ${url.replace(/[0-9a-f]{64}/, '{id}').split('?')[0]}`);
    const { pathname } = new URL(url, 'http://docker');
    if (pathname === '/events') {
      response.writeHead(200).flushHeaders();
      docker.listeners.add(response);
      return;
    }
    const id = pathname.split('/')[2] ?? '';
    const answers: Record<string, unknown> = {
      '/containers/json': docker.containers,
      '/networks': recorded.networks,
      [`/containers/${id}/json`]: recorded.inspected[id],
    };
    const answer = answers[pathname];
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? { message: 'no such container' }));
  });
  server.listen(path);
  await once(server, 'listening');
  const end = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  cleanups.push(end);
  return {
    ...docker,
    now: (containers: Recorded['containers']) => {
      docker.containers = containers;
      for (const listener of docker.listeners) listener.write('{"Type":"container"}\n');
    },
    end,
  };
}

function started(options: Partial<ContainersOptions>) {
  const told = {
    services: [] as readonly LocalService[],
    aliases: [] as readonly AddressAlias[],
    states: [] as string[],
    gateways: [] as readonly string[],
  };
  const collector: Pick<Collector, 'services' | 'aliases' | 'source'> = {
    services: (_, services) => void (told.services = services),
    aliases: (_, aliases) => void (told.aliases = aliases),
    source: () => ({
      taken: () => undefined,
      rejected: () => undefined,
      state: (state, reason = '') => void told.states.push(`${state} ${reason}`.trim()),
      losses: () => undefined,
      close: () => void told.states.push('closed'),
    }),
  };
  let nowMs = 1000;
  const containers = startContainers({
    collector: collector as Collector,
    log: createLogger('member', 'error'),
    now: () => nowMs,
    hostAddresses: () => ['10.0.0.5', 'fd00::5'],
    onGateways: (gateways) => void (told.gateways = gateways),
    retryMs: 10,
    settleMs: 1,
    ...options,
  });
  cleanups.push(() => containers.stop());
  return { containers, told, passTo: (ms: number) => (nowMs = ms) };
}

describe('Docker', () => {
  it('tells names, addresses, published ports and bridges', async () => {
    const dockerSocket = socketPath();
    const docker = await recordedDocker(dockerSocket);
    const { containers, told } = started({ dockerSocket });
    await expect.poll(() => told.states.at(-1)).toBe('ok');

    expect(told.services).toEqual([
      expect.objectContaining({ name: 'onhost', container_id: onHost, aliases: ['onhost'] }),
      expect.objectContaining({
        name: 'pay',
        name_rule: 'container',
        addresses: ['172.17.0.2'],
        reach: 'host',
      }),
      expect.objectContaining({
        name: 'orders',
        name_rule: 'label',
        start_mode: 'docker',
        container_id: orders,
        addresses: ['172.30.0.2'],
        aliases: expect.arrayContaining(['orders', 'shop_orders_1']) as string[],
      }),
    ]);
    expect(told.aliases).toEqual([
      { ip: '10.0.0.5', port: 8081, to_ip: '172.30.0.2', to_port: 8080 },
      { ip: 'fd00::5', port: 8081, to_ip: '172.30.0.2', to_port: 8080 },
    ]);
    expect(told.gateways).toEqual(expect.arrayContaining(['172.17.0.1', '172.30.0.1']));
    expect(containers.nameOf(orders)).toBe('orders');
    expect(
      [orders, orders.slice(0, 12), orders.slice(0, 20)].map((key) => containers.containerOf(key)),
    ).toEqual(Array(3).fill(orders));
    // Whoever has the host's network has the host's name: that tells no container.
    expect(
      ['docker-host', `${orders.slice(0, 12)}ffff`, ''].map((key) => containers.containerOf(key)),
    ).toEqual(Array(3).fill(undefined));
    expect(docker.asked.every((one) => one.startsWith('GET '))).toBe(true);
  });

  it('is asked again when something happens, and addresses stay whose they were', async () => {
    const dockerSocket = socketPath();
    const docker = await recordedDocker(dockerSocket);
    const { containers, told, passTo } = started({ dockerSocket });
    await expect.poll(() => docker.listeners.size).toBe(1);
    passTo(2000);
    docker.now(recorded.containers.filter(({ Id }) => Id !== pay));
    await expect.poll(() => told.services.length).toBe(2);
    expect(containers.nameOf(pay)).toBeUndefined();
    expect(containers.nameAt('bridge', '172.17.0.2', 1500)).toBe('pay');
    expect(containers.nameAt('bridge', '172.17.0.2', 2500)).toBeUndefined();
  });

  it('that is not there is off, with what to do, and found when it comes, and again after it restarted', async () => {
    const dockerSocket = socketPath();
    const { told } = started({ dockerSocket });
    await expect.poll(() => told.states.at(-1)).toContain('off there is no');
    expect(told.states.at(-1)).toContain('NETRING_DOCKER_SOCKET');
    const docker = await recordedDocker(dockerSocket);
    await expect.poll(() => told.states.at(-1)).toBe('ok');
    await docker.end();
    await expect.poll(() => told.states.at(-1)).toContain('off');
    await recordedDocker(dockerSocket);
    await expect.poll(() => told.states.at(-1)).toBe('ok');
  });

  it('that answers nonsense takes nothing down', async () => {
    const dockerSocket = socketPath();
    const server = createServer((_, response) => response.end('[{"Id":7}]')).listen(dockerSocket);
    await once(server, 'listening');
    cleanups.push(() => server.close());
    const { told, containers } = started({ dockerSocket });
    await expect.poll(() => told.states.at(-1)).toContain('off');
    expect(told.services).toEqual([]);
    await containers.stop();
    expect(told.states.at(-1)).toBe('closed');
  });
});

describe('Kubernetes', () => {
  async function api(
    status: number,
    answer: object,
  ): Promise<{ server: Server; apiUrl: string; asked: string[] }> {
    const asked: string[] = [];
    const server = createServer(({ url = '', headers }, response) => {
      asked.push(`${headers.authorization} ${url}`);
      response.writeHead(status).end(JSON.stringify(answer));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    cleanups.push(() => server.close());
    return { server, asked, apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  }
  function tokenFile(): string {
    const folder = mkdtempSync(join(tmpdir(), 'netring-pod-'));
    cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
    writeFileSync(join(folder, 'token'), 'secret\n');
    return join(folder, 'token');
  }

  it('is asked for the pods of this node, with the token of the service account', async () => {
    const container = { containerID: `containerd://${'a'.repeat(64)}` };
    const item = {
      metadata: { name: 'orders-1', namespace: 'shop', uid: 'u-1', labels: { app: 'orders' } },
      status: { phase: 'Running', podIP: '10.244.1.7', containerStatuses: [container] },
    };
    const { apiUrl, asked } = await api(200, { items: [item] });
    const { told, containers } = started({
      kubernetes: { apiUrl, node: { kind: 'node', name: 'node-1' }, tokenFile: tokenFile() },
    });
    await expect.poll(() => told.states.at(-1)).toBe('ok');
    expect(told.services).toEqual([expect.objectContaining({ name: 'orders', start_mode: 'kubernetes' })]);
    expect(asked[0]).toBe(
      'Bearer secret /api/v1/pods?fieldSelector=spec.nodeName%3Dnode-1&resourceVersion=0',
    );
    expect(['u-1', 'shop/orders-1'].map((key) => containers.containerOf(key))).toEqual(
      Array(2).fill('a'.repeat(64)),
    );
    expect(containers.nameAt('pods', '10.244.1.7', 1000)).toBe('orders');
  });

  it('that refuses is limited, with what to do', async () => {
    const { apiUrl } = await api(403, {});
    const { told } = started({
      kubernetes: { apiUrl, node: { kind: 'node', name: 'node-1' }, tokenFile: tokenFile() },
    });
    await expect
      .poll(() => told.states.at(-1))
      .toContain('give the service account "get" and "list" on pods');
  });

  it.each([
    ['its own pod says', { spec: { nodeName: 'node-7' } }, 'node-7'],
    ['its host name is, where no pod is called so', undefined, 'host-7'],
  ])('finds its node: what %s', async (_, answer, node) => {
    const asked: string[] = [];
    const server = createServer(({ url = '' }, response) => {
      asked.push(url);
      const found = url.startsWith('/api/v1/pods?') ? { items: [] } : answer;
      response.writeHead(found === undefined ? 404 : 200).end(JSON.stringify(found ?? {}));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    cleanups.push(() => server.close());
    const file = tokenFile();
    const { told } = started({
      kubernetes: {
        apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        tokenFile: file,
        node: { kind: 'pod', namespaceFile: file, name: 'host-7' },
      },
    });
    await expect.poll(() => told.states.at(-1)).toBe('ok');
    expect(asked).toEqual([
      '/api/v1/namespaces/secret/pods/host-7',
      `/api/v1/pods?fieldSelector=spec.nodeName%3D${node}&resourceVersion=0`,
    ]);
  });
});
