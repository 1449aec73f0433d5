import { setTimeout as wait } from 'node:timers/promises';
import { listen } from '@netring/service/listen';
import { createLogger, type Logger } from '@netring/service/log';
import { isLoopback } from '@netring/service/loopback';
import { memberName } from '@netring/service/member-identity';
import { openRingTls } from '@netring/service/ring-tls';
import { onStopSignals } from '@netring/service/stop-signals';
import type { ConfigurationSources } from '@netring/service/configuration';
import { version } from '@netring/service/version';
import { advertisedAddress, mayHear, NoAddressError } from './advertised-address.ts';
import { startAgent } from './agent.ts';
import { backoffMs } from './backoff.ts';
import { monotonicMs } from './clock.ts';
import { readMemberConfig, type MemberConfig } from './config.ts';
import { createServerApp, type ServerNeeds } from './server.ts';

/** Every member probes every endpoint on a connection of its own: ten of a thousand members' at once, and readers. */
const maxConnections = 2048;
/** Between the last answer and the end. */
const closeGraceMs = 500;
/** A goodbye takes no longer, also when the registry is away. */
const goodbyeMs = 5000;

/** Runs a member until it is told to stop; returns when it listens. */
export async function runMember(sources: ConfigurationSources): Promise<void> {
  const { values: config, warnings } = readMemberConfig(sources);
  const log = createLogger('member', config.logLevel);
  for (const warning of warnings) log.warn(warning);
  const tls = openRingTls(config, log);
  const ip = await findAddress(config, log);
  if (!mayHear(config.serverHost, ip))
    log.warn(
      { host: config.serverHost, ip },
      'other members may not reach the address: none of its kind is listened on; NETRING_SERVER_HOST=:: listens on both kinds',
    );
  if (!tls.isFor(ip, memberName))
    log.warn(
      { file: config.tlsCert, ip },
      `other members will refuse the certificate: its alternative names hold neither this address nor ${memberName}`,
    );

  const app = createServerApp({
    health: () => agent.health(),
    metrics: {
      text: () => agent.metrics.text(),
      contentType: 'text/plain; version=0.0.4; charset=utf-8',
    },
    token: config.token,
    claim: () => ({ instance_id: config.instanceId, ip, port: listening.port }),
    reading: reading(config),
    now: monotonicMs,
    log,
  });
  const listening = await listen(app, {
    host: config.serverHost,
    port: config.serverPort,
    maxConnections,
    tls,
    onUpgrade: (request, socket, head) => agent.upgrade(request, socket, head),
  });
  // Nothing can have been asked before this line: connections are only looked at after it.
  const agent = startAgent({ config, ip, port: listening.port, tls, log });
  const { instanceId, location, registryUrl: registry, serverHost: host } = config;
  const { scheme } = tls;
  log.info(
    { instanceId, location, ip, host, scheme, port: listening.port, registry, version },
    'member is running',
  );

  onStopSignals(async (signal) => {
    log.info({ signal }, 'saying goodbye');
    await agent.stop();
    await listening.close(closeGraceMs);
    tls.stop();
    log.info('stopped');
  }, goodbyeMs);
}

/** Who may read `/metrics` from another machine. */
function reading(config: MemberConfig): ServerNeeds['reading'] {
  if (config.openReading || isLoopback(config.serverHost)) return { kind: 'open' };
  if (config.viewToken !== undefined) return { kind: 'key', key: config.viewToken };
  return config.token === undefined ? { kind: 'open' } : { kind: 'local' };
}

/** The address to advertise. A registry whose name is not known yet may be on its way: asked again until it is. */
async function findAddress(config: MemberConfig, log: Logger): Promise<string> {
  for (let failures = 1; ; failures++) {
    try {
      return await advertisedAddress({
        told: config.advertiseIp,
        listenHost: config.serverHost,
        registryUrl: config.registryUrl,
      });
    } catch (error) {
      if (!(error instanceof NoAddressError)) throw error;
      log.warn({ reason: error.message }, 'waiting for an address to be reached at');
      await wait(backoffMs(failures, { firstMs: 1000, longestMs: 10_000 }, Math.random()));
    }
  }
}
