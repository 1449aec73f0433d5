import type { Command } from 'commander';
import { askMembers } from '../ask-members.ts';
import { memberTable } from '../member-table.ts';
import { registryAccess, withRegistry, type RegistryOptions } from '../registry-options.ts';

interface Options extends RegistryOptions {
  status?: string;
  json?: boolean;
}

/** `netring members` */
export function addMembersCommand(program: Command): void {
  withRegistry(program.command('members').description('list the members that a registry knows'), 'view')
    .option('--status <list>', 'only these: online,stale,offline,deregistered')
    .option('--json', "the registry's answer as it is")
    .action(async (options: Options) => {
      const { members, nowS } = await askMembers(registryAccess(options, 'view'), options.status);
      const shown = options.json === true ? JSON.stringify({ members }, null, 2) : memberTable(members, nowS);
      process.stdout.write(`${shown}\n`);
    });
}
