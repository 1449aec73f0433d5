import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

/** How a command that lists sockets ended. */
export type CommandEnd =
  | { outcome: 'done' }
  /** The program, or the one that enters the namespace, is not there. */
  | { outcome: 'missing'; program: string }
  | { outcome: 'failed'; reason: string };

export interface CommandLimits {
  timeoutMs: number;
  mostBytes: number;
}

/** Far more than a million sockets take. */
export const defaultLimits: CommandLimits = { timeoutMs: 15_000, mostBytes: 1 << 30 };

/**
 * Runs a program and hands over what it writes, as it comes. Its errors go nowhere: `ss` can write a line per socket
 * there, and a pipe that nobody drains would hold it up. It is killed when it takes too long, writes too much, or
 * `onChunk` answers `stop`.
 */
export function runCommand(
  command: readonly [string, ...string[]],
  onChunk: (chunk: Buffer) => 'stop' | void,
  limits: CommandLimits = defaultLimits,
): Promise<CommandEnd> {
  const [program, ...args] = command;
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    let bytes = 0;
    let stopped: string | undefined;
    const stop = (reason: string): void => {
      stopped ??= reason;
      child.kill('SIGKILL');
    };
    const timer = setTimeout(() => stop(`it took longer than ${limits.timeoutMs} ms`), limits.timeoutMs);
    child.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      resolve(
        error.code === 'ENOENT'
          ? { outcome: 'missing', program }
          : { outcome: 'failed', reason: `${program} cannot be run: ${error.message}` },
      );
    });
    // With too many files open there are no pipes, whatever the types say.
    const output = child.stdout as Readable | undefined;
    output?.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (stopped !== undefined) return;
      if (bytes > limits.mostBytes) stop(`it wrote more than ${limits.mostBytes} bytes`);
      else if (onChunk(chunk) === 'stop') stop('there was more than is looked at');
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (stopped !== undefined) resolve({ outcome: 'failed', reason: stopped });
      else if (code === 0) resolve({ outcome: 'done' });
      else resolve({ outcome: 'failed', reason: `${program} ended with ${signal ?? `code ${code}`}` });
    });
  });
}
