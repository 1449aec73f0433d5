import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Host, LabProcess } from '../lab/index.ts';

const netring = fileURLToPath(new URL('../../cli/dist/main.js', import.meta.url));

/** `netring registry` or `netring member`, as built, inside a location. */
export interface RunningService {
  pid: number;
  /** Everything it logged. */
  log: () => string;
  /** Its child processes: a member's probe process. */
  children: () => number[];
  kill(signal: NodeJS.Signals): void;
  /** How it ended. */
  exited: LabProcess['exited'];
  running: () => boolean;
}

/** Starts one; resolves when the process runs, which is before it listens. */
export async function startService(
  where: Pick<Host, 'spawn'>,
  kind: 'registry' | 'member',
  options: { folder: string; environment: Record<string, string> },
): Promise<RunningService> {
  const around = Object.keys(process.env).filter((name) => /^(NETRING_|VITEST|NODE_OPTIONS)/.test(name));
  const env = {
    ...Object.fromEntries(around.map((name) => [name, undefined])),
    NODE_ENV: 'production',
    ...options.environment,
  };
  const child = await where.spawn(process.execPath, [netring, kind], { env, cwd: options.folder });
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (log += chunk.toString()));
  let running = true;
  void child.exited.then(() => (running = false));
  return {
    pid: child.pid,
    log: () => log,
    children: () => childrenOf(child.pid),
    kill: (signal) => void child.kill(signal),
    exited: child.exited,
    running: () => running,
  };
}

function childrenOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return text === '' ? [] : text.split(' ').map(Number);
}

/** Whether a process runs: one that has ended and waits for its parent to look does not. */
export function isRunning(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) [ZX]/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
