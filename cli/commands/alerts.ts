import { alertsAnswer } from '@netring/contract/alert';
import type { Command } from 'commander';
import { alertTable } from '../alert-table.ts';
import { askRegistry, type RegistryAccess } from '../ask-registry.ts';

interface Options {
  registry?: string;
  token?: string;
  all?: boolean;
  json?: boolean;
}

/** `netring alerts` */
export function addAlertsCommand(program: Command): void {
  program
    .command('alerts')
    .description('what is wrong now: incidents, each with its cause, and their alerts')
    .option('--registry <url>', 'the registry [NETRING_REGISTRY_URL, http://localhost:8756]')
    .option('--token <token>', 'what it asks for before it lets anybody read [NETRING_VIEW_TOKEN]')
    .option('--all', 'also what was resolved in the past day')
    .option('--json', "the registry's answer as it is")
    .action(async (options: Options) => {
      const { answer } = await askRegistry(viewAccess(options), {
        path: 'api/alerts',
        answer: alertsAnswer,
      });
      const shown = options.json === true ? JSON.stringify(answer, null, 2) : alertTable(answer, options.all);
      process.stdout.write(`${shown}\n`);
    });
}

function viewAccess({ registry, token }: Options): RegistryAccess {
  const { NETRING_REGISTRY_URL, NETRING_VIEW_TOKEN } = process.env;
  return {
    url: registry ?? (NETRING_REGISTRY_URL || 'http://localhost:8756'),
    token: token ?? (NETRING_VIEW_TOKEN || undefined),
  };
}
