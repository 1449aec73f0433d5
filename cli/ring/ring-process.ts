import { fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { openLogFile } from './log-file.ts';
import type { PlannedProcess } from './ring-plan.ts';

/** How a process ended: the code it gave, or the signal that killed it. */
export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A process of the ring that was started. */
export interface RingProcess {
  readonly planned: PlannedProcess;
  readonly pid: number;
  readonly logFile: string;
  readonly ended: Promise<Ended>;
  /** `undefined` while it runs. */
  end(): Ended | undefined;
  /** Asks it to end in its orderly way, and kills it with all it started when it has not after `limitMs`. */
  stop(limitMs: number): Promise<void>;
  /** Kills it with all it started, at once. */
  kill(): void;
}

/**
 * Starts a process in a group of its own: Ctrl-C in the terminal reaches `netring up` alone, which ends the others in
 * their order. They notice by the closed channel when it is killed instead.
 */
export function startRingProcess(
  planned: PlannedProcess,
  options: { folder: string; logFile: string; onLine: (line: string, stream: 'stdout' | 'stderr') => void },
): RingProcess {
  const child = fork(fileURLToPath(new URL(`../${planned.script}`, import.meta.url)), planned.args, {
    cwd: options.folder,
    env: environmentWithout(process.env),
    execArgv: [],
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const log = openLogFile(options.logFile);
  for (const stream of ['stdout', 'stderr'] as const) {
    const input = child[stream];
    if (input === null) continue;
    createInterface({ input }).on('line', (line) => {
      log.write(line);
      options.onLine(line, stream);
    });
  }
  let end: Ended | undefined;
  const ended = new Promise<Ended>((resolve) => {
    child.once('error', (error) => {
      log.write(`could not be started: ${error.message}`);
      if (child.pid === undefined) resolve((end = { code: 1, signal: null }));
    });
    child.once('exit', (code, signal) => resolve((end = { code, signal })));
    child.once('close', () => log.close());
  });
  const kill = () => killGroup(child.pid);
  return {
    planned,
    pid: child.pid ?? 0,
    logFile: options.logFile,
    ended,
    end: () => end,
    kill,
    async stop(limitMs) {
      if (end === undefined) child.kill('SIGTERM');
      await endedWithin(ended, limitMs);
      // It may have left somebody behind, or not have listened.
      kill();
      await ended;
    },
  };
}

async function endedWithin(ended: Promise<Ended>, limitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, limitMs)));
  await Promise.race([ended, late]);
  clearTimeout(timer);
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // Nobody is left, or, as macOS puts it, only the dead are.
    if (!['ESRCH', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

/** Settings of somebody's shell must not reach the demo. */
function environmentWithout(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const platform = [
    'HOST_IP',
    'POD_IP',
    'PUBLIC_IP',
    'EXTERNAL_IP',
    'LOG_LEVEL',
    'MEMBER_LOCATION',
    'REGISTRY_URL',
  ];
  const isOurs = (name: string) => name.startsWith('NETRING_') || platform.includes(name);
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !isOurs(name)));
}
