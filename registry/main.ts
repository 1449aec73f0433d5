import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ConfigurationSources } from '@netring/service/configuration';
import { listen } from '@netring/service/listen';
import { createLogger } from '@netring/service/log';
import { openRingTls } from '@netring/service/ring-tls';
import { onStopSignals } from '@netring/service/stop-signals';
import { version } from '@netring/service/version';
import { readDashboard } from './api/index.ts';
import { createRegistry } from './app.ts';
import { readRegistryConfig, storeOptions } from './config.ts';
import { openStore } from './store/index.ts';

/** Sockets at once: members keep one or two, dashboards one, Prometheus one. The usual limit of open files is above it. */
const mostConnections = 12_000;

/**
 * Runs a registry until it is told to stop.
 *
 * @throws ConfigurationError, ListenError, or the store's own word when it cannot be opened.
 */
export async function runRegistry(sources: ConfigurationSources): Promise<void> {
  const { values: config, warnings } = readRegistryConfig(sources);
  const log = createLogger('registry', config.logLevel);
  for (const warning of warnings) log.warn(warning);
  const tls = openRingTls(config, log);
  const options = storeOptions(config);
  const store = await openStore(options);
  const registry = createRegistry(store, config, readDashboard(dashboardFolder()), log, tls);
  const server = await listen(registry.app, {
    host: config.serverHost,
    port: config.serverPort,
    maxConnections: mostConnections,
    tls,
  }).catch(async (error: unknown) => {
    await registry.stop();
    await store.close();
    throw error;
  });
  const { serverHost: host } = config;
  log.info(
    { version, scheme: tls.scheme, host, port: server.port, store: options.kind },
    'the registry listens',
  );
  onStopSignals(async (signal) => {
    log.info({ signal }, 'the registry stops');
    const closing = server.close(2_000);
    await registry.stop();
    await closing;
    tls.stop();
    await store.close();
  }, 5_000);
}

/** The built dashboard, seen from this file as source and as built. */
function dashboardFolder(): string {
  const fromBuilt = fileURLToPath(new URL('../../ui/dist', import.meta.url));
  return existsSync(fromBuilt) ? fromBuilt : fileURLToPath(new URL('../ui/dist', import.meta.url));
}
