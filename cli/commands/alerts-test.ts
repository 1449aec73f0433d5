import { testAnswer, type TestOutcome } from '@netring/contract/receiver';
import type { Command } from 'commander';
import { askRegistry } from '../ask-registry.ts';
import { CommandFailed } from '../command-failed.ts';
import { registryAccess, withRegistry, type RegistryOptions } from '../registry-options.ts';
import { terminalText } from '../terminal-text.ts';
import { textTable } from '../text-table.ts';

interface Options extends RegistryOptions {
  json?: boolean;
}

/** `netring alerts test` */
export function addAlertsTestCommand(alerts: Command): void {
  const about = 'send a test notification to everybody who is told, and say how each took it';
  withRegistry(alerts.command('test').description(about), 'operator')
    .option('--json', "the registry's answer as it is")
    .action(async (_: Options, command: Command) => {
      // What both understand is taken by the outer one.
      const options: Options = command.optsWithGlobals();
      const { answer } = await askRegistry(registryAccess(options, 'operator'), {
        path: 'api/alerts/test',
        method: 'POST',
        answer: testAnswer,
        right: 'operator',
        // A receiver has 5 s to answer.
        answersWithinMs: 15_000,
      });
      const shown = options.json === true ? JSON.stringify(answer, null, 2) : testTable(answer.receivers);
      process.stdout.write(`${shown}\n`);
      const failed = answer.receivers.filter(({ outcome }) => outcome === 'failed').length;
      if (failed > 0) throw new CommandFailed(`${failed} of ${answer.receivers.length} were not reached`);
    });
}

function testTable(receivers: readonly TestOutcome[]): string {
  if (receivers.length === 0)
    return 'Nobody is told: set NETRING_ALERT_WEBHOOK_URLS, NETRING_ALERT_SLACK_URLS or NETRING_ALERTMANAGER_URLS at the registry.';
  return textTable(
    ['RECEIVER', 'ADDRESS', 'OUTCOME'],
    receivers.map(({ receiver, address, outcome, error, took_ms }) => [
      receiver,
      address,
      error === undefined ? `${outcome} in ${took_ms} ms` : `${outcome}: ${terminalText(error)}`,
    ]),
  );
}
