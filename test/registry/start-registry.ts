import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readDashboard } from '@netring/registry/api/index';
import { createRegistry } from '@netring/registry/app';
import { readRegistryConfig, storeOptions } from '@netring/registry/config';
import { openStore, type Store } from '@netring/registry/store/index';
import { listen } from '@netring/service/listen';
import { createLogger } from '@netring/service/log';
import { vi } from 'vitest';

export const joinToken = 'the-join-token-of-a-test';

/** A registry in this process, wired and configured as `netring registry` does it. */
export interface RunningRegistry {
  url: string;
  port: number;
  store: Store;
  stop(): Promise<void>;
}

export interface RegistrySetup {
  redisUrl?: string;
  /** Of the embedded store; without one, and without Redis, it has one of its own that goes with it. */
  folder?: string;
  /** Absent: `joinToken`; null: none. */
  token?: string | null;
  environment?: Record<string, string>;
}

/** Starts a registry on a port that the kernel chose, and waits until its picture is loaded unless told otherwise. */
export async function startRegistry(
  setup: RegistrySetup = {},
  { whenReady = true } = {},
): Promise<RunningRegistry> {
  const own = await mkdtemp(join(tmpdir(), 'netring-registry-'));
  const { values: config } = readRegistryConfig({ environment: environmentOf(setup, own) });
  const store = await openStore(storeOptions(config));
  const log = createLogger('registry', config.logLevel);
  const registry = createRegistry(store, config, readDashboard(await writeDashboard(own)), log);
  const server = await listen(registry.app, { host: config.serverHost, port: 0, maxConnections: 10_000 });
  if (whenReady) await vi.waitFor(() => assert(registry.ready()), { timeout: 60_000, interval: 5 });
  return {
    url: `http://127.0.0.1:${server.port}`,
    port: server.port,
    store,
    async stop() {
      const closing = server.close(100);
      await registry.stop();
      await closing;
      await store.close();
      await rm(own, { recursive: true, force: true });
    },
  };
}

function environmentOf(setup: RegistrySetup, own: string): Record<string, string> {
  const token = setup.token === undefined ? joinToken : setup.token;
  return {
    NETRING_LOG_LEVEL: 'error',
    NETRING_SERVER_HOST: '127.0.0.1',
    NETRING_DATA_DIR: setup.folder ?? join(own, 'store'),
    ...(token === null ? {} : { NETRING_TOKEN: token }),
    ...(setup.redisUrl === undefined ? {} : { NETRING_REDIS_URL: setup.redisUrl }),
    ...setup.environment,
  };
}

/** As small as a built dashboard can be. */
async function writeDashboard(folder: string): Promise<string> {
  const dashboard = join(folder, 'dashboard');
  await mkdir(join(dashboard, 'assets'), { recursive: true });
  await writeFile(join(dashboard, 'index.html'), '<!doctype html><title>Netring</title>');
  await writeFile(join(dashboard, 'assets', 'app-1.js'), 'export {};');
  return dashboard;
}
