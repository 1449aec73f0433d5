import type { Command } from 'commander';
import type { RegistryAccess } from './ask-registry.ts';

/** Where the registry is, and what it is asked and believed with. */
export interface RegistryOptions {
  registry?: string;
  token?: string;
  ca?: string;
}

const tokens = {
  view: { about: 'what it asks for before it lets anybody read', variables: ['NETRING_VIEW_TOKEN'] },
  operator: { about: 'its operator token', variables: ['NETRING_OPERATOR_TOKEN'] },
  /** What also works where a registry has no operator's token. */
  any: {
    about: 'its operator token, where it has one',
    variables: ['NETRING_OPERATOR_TOKEN', 'NETRING_VIEW_TOKEN'],
  },
} as const;

/** Gives a command that asks a registry the options for that. */
export function withRegistry(command: Command, right: keyof typeof tokens): Command {
  const { about, variables } = tokens[right];
  return command
    .option('--registry <url>', 'the registry [NETRING_REGISTRY_URL, http://localhost:8756]')
    .option('--token <token>', `${about} [${variables[0]}]`)
    .option('--ca <file>', "CA that the registry's certificate is believed through [NETRING_TLS_CA]");
}

/** What was given, and what stands in the environment in its place. */
export function registryAccess(
  { registry, token, ca }: RegistryOptions,
  right: keyof typeof tokens,
): RegistryAccess {
  const { NETRING_REGISTRY_URL, NETRING_TLS_CA } = process.env;
  const known = tokens[right].variables.map((name) => process.env[name]).find((value) => value);
  return {
    url: registry ?? (NETRING_REGISTRY_URL || 'http://localhost:8756'),
    token: token ?? known,
    ca: ca ?? (NETRING_TLS_CA || undefined),
  };
}
