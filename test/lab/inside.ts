import { spawn, type ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';

/** How a process ended: one of the two is `null`. */
export type Exit = { code: number | null; signal: NodeJS.Signals | null };

/** A process inside the namespaces of a host. */
export type LabProcess = {
  /** Its process id as this process sees it: the command itself, not a wrapper. Inside, it has another. */
  pid: number;
  /** `null` where `stdio` is not `pipe`. */
  stdin: Writable | null;
  stdout: Readable | null;
  stderr: Readable | null;
  /** Signals the command itself; false when it has already ended. */
  kill(signal?: NodeJS.Signals): boolean;
  exited: Promise<Exit>;
};

export type SpawnOptions = {
  /** Added to this process's environment; `undefined` takes a variable away. */
  env?: Record<string, string | undefined>;
  cwd?: string;
  stdio?: 'pipe' | 'inherit' | 'ignore';
};

export type ExecOptions = SpawnOptions & {
  /** Written to standard input, which is then closed. */
  input?: string;
  /** After this long the command is killed and the call fails; 30,000 by default. */
  timeoutMs?: number;
};

export type Execution = { stdout: string; stderr: string; code: number | null };

/** Where to run: the `enter` helper and the process that holds the namespaces. */
export type Namespaces = { enter: string; pid: number; name: string };

function toLabProcess(child: ChildProcess, pid: number, exited: Promise<Exit>): LabProcess {
  return {
    pid,
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    kill(signal = 'SIGTERM') {
      // `enter` waits for the command: while it runs, the number cannot belong to another process
      if (child.exitCode !== null || child.signalCode !== null) return false;
      try {
        return process.kill(pid, signal);
      } catch {
        return false;
      }
    },
    exited,
  };
}

/**
 * Starts a command inside a host; resolves when it runs.
 * @throws Error when it cannot be started, with the reason
 */
export async function spawnInside(
  where: Namespaces,
  command: string,
  args: string[] = [],
  options: SpawnOptions = {},
): Promise<LabProcess> {
  const { env = {}, cwd = process.cwd(), stdio = 'pipe' } = options;
  const child = spawn(where.enter, [String(process.pid), String(where.pid), cwd, command, ...args], {
    env: { ...process.env, ...env },
    stdio: [stdio, stdio, stdio, 'pipe'],
  });
  const exited = new Promise<Exit>((resolve) =>
    child.on('exit', (code, signal) => resolve({ code, signal })),
  );
  child.on('error', () => undefined); // a wrapper that cannot be started has no report: see below
  child.stdin?.on('error', () => undefined); // written after the command has ended: `exited` tells
  const report = await text(child.stdio[3] as Readable);
  const pid = /^pid (\d+)$/m.exec(report)?.[1];
  const problem = /^error (.*)$/m.exec(report)?.[1];
  if (pid === undefined || problem !== undefined) {
    throw new Error(`${where.name}: ${problem ?? `cannot run ${command}: the lab is closed`}`);
  }
  return toLabProcess(child, Number(pid), exited);
}

/**
 * Runs a command inside a host to its end, whatever its exit code.
 * @throws Error when it cannot be started or takes longer than `timeoutMs`
 */
export async function execInside(
  where: Namespaces,
  command: string,
  args: string[] = [],
  options: ExecOptions = {},
): Promise<Execution> {
  const { input = '', timeoutMs = 30_000, ...spawnOptions } = options;
  const child = await spawnInside(where, command, args, { ...spawnOptions, stdio: 'pipe' });
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    child.kill('SIGKILL');
  }, timeoutMs);
  child.stdin?.end(input);
  const read = (stream: Readable | null) => (stream === null ? '' : text(stream));
  const [stdout, stderr, exit] = await Promise.all([read(child.stdout), read(child.stderr), child.exited]);
  clearTimeout(timer);
  if (late) throw new Error(`${where.name}: ${command} ${args.join(' ')} took longer than ${timeoutMs} ms`);
  return { stdout, stderr, code: exit.code };
}
