import type { Command } from 'commander';
import type { RegistryAccess } from '../ask-registry.ts';
import { registryAccess, withRegistry, type RegistryOptions } from '../registry-options.ts';

export interface TopologyOptions extends RegistryOptions {
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
  return withRegistry(command, 'view');
}

export function accessOf(options: TopologyOptions): RegistryAccess {
  return registryAccess(options, 'view');
}

/** The options as the registry's query has them. */
export function asked(options: TopologyOptions): Record<string, string | undefined> {
  const { colour, window, node, role, direction, latencyMs, from, to } = options;
  return { colour, window, node, role, direction, latency_ms: latencyMs, from, to };
}
