import type { Command } from 'commander';
import type { RegistryAccess } from '../ask-registry.ts';

export interface TopologyOptions {
  registry?: string;
  token?: string;
  json?: boolean;
  colour?: string;
  window?: string;
  node?: string;
  role?: string;
  direction?: string;
  latencyMs?: string;
  from?: string;
  to?: string;
}

/** The options of every command that asks. */
export function withAccess(command: Command): Command {
  return command
    .option('--registry <url>', 'the registry [NETRING_REGISTRY_URL, http://localhost:8756]')
    .option('--token <token>', 'what it asks for before it lets anybody read [NETRING_VIEW_TOKEN]');
}

export function accessOf({ registry, token }: TopologyOptions): RegistryAccess {
  const { NETRING_REGISTRY_URL, NETRING_VIEW_TOKEN } = process.env;
  return {
    url: registry ?? (NETRING_REGISTRY_URL || 'http://localhost:8756'),
    token: token ?? (NETRING_VIEW_TOKEN || undefined),
  };
}

/** The options as the registry's query has them. */
export function asked(options: TopologyOptions): Record<string, string | undefined> {
  const { colour, window, node, role, direction, latencyMs, from, to } = options;
  return { colour, window, node, role, direction, latency_ms: latencyMs, from, to };
}
