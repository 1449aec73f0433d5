import type { Command } from 'commander';
import { askMembers, type RegistryAccess } from '../ask-members.ts';
import { memberTable } from '../member-table.ts';

interface Options {
  registry?: string;
  token?: string;
  status?: string;
  json?: boolean;
}

/** `netring members` */
export function addMembersCommand(program: Command): void {
  program
    .command('members')
    .description('list the members that a registry knows')
    .option('--registry <url>', 'the registry [NETRING_REGISTRY_URL, http://localhost:8756]')
    .option('--token <token>', 'what it asks for before it lets anybody read [NETRING_VIEW_TOKEN]')
    .option('--status <list>', 'only these: online,stale,offline,deregistered')
    .option('--json', "the registry's answer as it is")
    .action(async (options: Options) => {
      const { members, nowS } = await askMembers(registryAccess(options), options.status);
      const shown = options.json === true ? JSON.stringify({ members }, null, 2) : memberTable(members, nowS);
      process.stdout.write(`${shown}\n`);
    });
}

function registryAccess({ registry, token }: Options): RegistryAccess {
  const { NETRING_REGISTRY_URL, NETRING_VIEW_TOKEN } = process.env;
  return {
    url: registry ?? (NETRING_REGISTRY_URL || 'http://localhost:8756'),
    token: token ?? (NETRING_VIEW_TOKEN || undefined),
  };
}
