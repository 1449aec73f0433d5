import type { MemberConfig } from './config.ts';
import { udpKeys, type Orders } from './probe/index.ts';
import type { Check } from './schedule/index.ts';

/** What the probe process is to do, so that these checks are made. */
export function ordersOf(
  config: MemberConfig,
  port: number,
  tokens: readonly string[],
  ringCa: string | undefined,
  checks: readonly Check[],
): Omit<Orders, 'type'> {
  const connectTimeoutMs = config.tcpTimeoutS * 1000;
  return {
    targets: checks.map(({ target }) => target),
    intervalMs: config.checkIntervalS * 1000,
    ...(config.udp && {
      udp: { instanceId: config.instanceId, host: config.serverHost, port, keys: udpKeys(tokens) },
    }),
    options: {
      tcp: { timeoutMs: connectTimeoutMs },
      icmp: { timeoutMs: connectTimeoutMs },
      // A cut path is known by its second missing connection, not by two whole times of an answer.
      http: {
        timeoutMs: config.httpTimeoutS * 1000,
        connectTimeoutMs,
        ...(ringCa !== undefined && { ringCa }),
      },
    },
  };
}
