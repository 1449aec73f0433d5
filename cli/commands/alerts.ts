import { alertsAnswer, type AlertsAnswer } from '@netring/contract/alert';
import type { Command } from 'commander';
import { alertTable } from '../alert-table.ts';
import { askRegistry, type RegistryAccess } from '../ask-registry.ts';
import { readRule } from '../read-rule.ts';

interface Options {
  registry?: string;
  token?: string;
  all?: boolean;
  rule?: string;
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
    .option(
      '--rule <name>',
      'only alerts of this rule, and their incidents; * at its end matches any rest',
      readRule,
    )
    .option('--json', "the registry's answer as it is")
    .action(async (options: Options) => {
      const { answer: whole } = await askRegistry(viewAccess(options), {
        path: 'api/alerts',
        answer: alertsAnswer,
      });
      const answer = options.rule === undefined ? whole : ofRule(whole, options.rule);
      const shown = options.json === true ? JSON.stringify(answer, null, 2) : alertTable(answer, options.all);
      process.stdout.write(`${shown}\n`);
    });
}

/** The alerts whose rule is meant, and the incidents that they belong to. */
function ofRule(answer: AlertsAnswer, pattern: string): AlertsAnswer {
  const isMeant = (rule: string) =>
    pattern.endsWith('*') ? rule.startsWith(pattern.slice(0, -1)) : rule === pattern;
  const alerts = answer.alerts.filter(({ rule }) => isMeant(rule));
  const meant = new Set(alerts.map(({ incident }) => incident));
  return { ...answer, alerts, incidents: answer.incidents.filter(({ id }) => meant.has(id)) };
}

function viewAccess({ registry, token }: Options): RegistryAccess {
  const { NETRING_REGISTRY_URL, NETRING_VIEW_TOKEN } = process.env;
  return {
    url: registry ?? (NETRING_REGISTRY_URL || 'http://localhost:8756'),
    token: token ?? (NETRING_VIEW_TOKEN || undefined),
  };
}
