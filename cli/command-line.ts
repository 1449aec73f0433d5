import { version } from '@netring/service/version';
import { Command } from 'commander';
import { addAlertsCommand } from './commands/alerts.ts';
import { addConfigCommand } from './commands/config.ts';
import { addDoctorCommand } from './commands/doctor.ts';
import { addEnteredCommands } from './commands/entered.ts';
import { addMemberCommand } from './commands/member.ts';
import { addMembersCommand } from './commands/members.ts';
import { addPathCommand } from './commands/path.ts';
import { addRegistryCommand } from './commands/registry.ts';
import { addRulesCommand } from './commands/rules.ts';
import { addSilenceCommands } from './commands/silence.ts';
import { addTopologyCommands } from './commands/topology.ts';
import { addTraceCommand } from './commands/trace.ts';
import { addUpCommand } from './commands/up.ts';
import { explainError } from './explain-error.ts';

/**
 * Runs one command line, without the program's name: `['members', '--json']`.
 *
 * @returns the exit code: 0 done, 1 failed, 2 wrong use or configuration. A service has only begun when it is back.
 */
export async function runCommandLine(args: readonly string[]): Promise<number> {
  const program = new Command('netring')
    .description(
      'Is it the network? Measures the paths between datacenters, and says which of them is at fault.',
    )
    .version(version)
    .showHelpAfterError('Try --help.')
    .exitOverride();
  // Subcommands take `exitOverride` over only when they are added after it.
  addUpCommand(program);
  addRegistryCommand(program);
  addMemberCommand(program);
  addMembersCommand(program);
  addPathCommand(program);
  addTraceCommand(program);
  addTopologyCommands(program);
  addAlertsCommand(program);
  addSilenceCommands(program);
  addEnteredCommands(program);
  addConfigCommand(program);
  addRulesCommand(program);
  addDoctorCommand(program);
  try {
    await program.parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    const { message, exitCode } = explainError(error);
    if (message !== '') process.stderr.write(`${message}\n`);
    return exitCode;
  }
}
