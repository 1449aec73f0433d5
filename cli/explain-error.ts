import { ConfigurationError } from '@netring/service/configuration';
import { CommanderError } from 'commander';

/** What people see of an error, and the exit code that goes with it. */
export interface Explained {
  /** Empty when it has been said already. */
  message: string;
  /** 0 when it was none, such as `--help`; 1 failed; 2 wrong use or configuration. */
  exitCode: 0 | 1 | 2;
}

/** What to show of an error that ended a command: a stack only where the program itself is at fault. */
export function explainError(error: unknown): Explained {
  // Commander has written its own message, or the help that was asked for.
  if (error instanceof CommanderError) return { message: '', exitCode: error.exitCode === 0 ? 0 : 2 };
  if (error instanceof ConfigurationError) return { message: `netring: ${error.message}`, exitCode: 2 };
  if (!(error instanceof Error)) return { message: `netring: ${String(error)}`, exitCode: 1 };
  return {
    message: isOurFault(error) ? (error.stack ?? error.message) : `netring: ${error.message}`,
    exitCode: 1,
  };
}

/** A fault in the program itself, which nobody can repair without the place it happened at. */
function isOurFault(error: Error): boolean {
  return error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError;
}
