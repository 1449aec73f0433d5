import { alertsAnswer, type AlertsAnswer } from '@netring/contract/alert';
import type { Command } from 'commander';
import { alertTable } from '../alert-table.ts';
import { askRegistry } from '../ask-registry.ts';
import { readRule } from '../read-rule.ts';
import { registryAccess, withRegistry, type RegistryOptions } from '../registry-options.ts';
import { addAlertsTestCommand } from './alerts-test.ts';

interface Options extends RegistryOptions {
  all?: boolean;
  rule?: string;
  json?: boolean;
}

/** `netring alerts` */
export function addAlertsCommand(program: Command): void {
  const command = program
    .command('alerts')
    .description('what is wrong now: incidents, each with its cause, and their alerts');
  withRegistry(command, 'view')
    .option('--all', 'also what was resolved in the past day')
    .option(
      '--rule <name>',
      'only alerts of this rule, and their incidents; * at its end matches any rest',
      readRule,
    )
    .option('--json', "the registry's answer as it is")
    .action(async (options: Options) => {
      const { answer: whole } = await askRegistry(registryAccess(options, 'view'), {
        path: 'api/alerts',
        answer: alertsAnswer,
      });
      const answer = options.rule === undefined ? whole : ofRule(whole, options.rule);
      const shown = options.json === true ? JSON.stringify(answer, null, 2) : alertTable(answer, options.all);
      process.stdout.write(`${shown}\n`);
    });
  addAlertsTestCommand(command);
}

/** The alerts whose rule is meant, and the incidents that they belong to. */
function ofRule(answer: AlertsAnswer, pattern: string): AlertsAnswer {
  const isMeant = (rule: string) =>
    pattern.endsWith('*') ? rule.startsWith(pattern.slice(0, -1)) : rule === pattern;
  const alerts = answer.alerts.filter(({ rule }) => isMeant(rule));
  const meant = new Set(alerts.map(({ incident }) => incident));
  return { ...answer, alerts, incidents: answer.incidents.filter(({ id }) => meant.has(id)) };
}
