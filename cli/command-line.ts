import { version } from '@netring/service/version';
import { Command } from 'commander';
import { addCommands } from './commands.ts';
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
  try {
    // Only now: subcommands take `exitOverride` over when they are added after it.
    if (args[0] !== '--version' && args[0] !== '-V') await addCommands(program, args[0]);
    await program.parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    const { message, exitCode } = explainError(error);
    if (message !== '') process.stderr.write(`${message}\n`);
    return exitCode;
  }
}
