import { mkdtemp, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawnTied } from '../redis/spawn-tied.ts';

const here = dirname(fileURLToPath(import.meta.url));
/** Whether this runs unbuilt, as in tests. */
const isSource = extname(fileURLToPath(import.meta.url)) === '.ts';

/** A program that runs beside the bench and never outlives it. */
export interface Program {
  pid: number;
  /** What it has printed so far, its process id first. */
  output(): string;
  /** Resolves with the first match of `pattern` in its output; rejects when it ends before. */
  printed(pattern: RegExp, withinMs: number): Promise<RegExpExecArray>;
  /** SIGTERM, and a while later SIGKILL. */
  stop(): Promise<void>;
}

/** @param folder a folder of its own, gone with it; made when absent. */
export async function startProgram(
  program: string,
  options: readonly string[],
  folder?: string,
): Promise<Program> {
  const place = folder ?? (await mkdtemp(join(tmpdir(), 'netring-bench-')));
  const { child, pid, output } = await spawnTied(place, program, options);
  return {
    pid,
    output,
    async printed(pattern, withinMs) {
      const deadlineMs = Date.now() + withinMs;
      for (;;) {
        const found = pattern.exec(output());
        if (found) return found;
        if (child.exitCode !== null || Date.now() > deadlineMs)
          throw new Error(`${program} did not print ${pattern.source} within ${withinMs} ms:\n${output()}`);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
    async stop() {
      const ended = child.exitCode === null ? once(child, 'exit') : undefined;
      if (ended !== undefined) {
        signal(pid, 'SIGTERM');
        const force = setTimeout(() => signal(pid, 'SIGKILL'), 8_000);
        await ended;
        clearTimeout(force);
      }
      await rm(place, { recursive: true, force: true });
    },
  };
}

/** Runs one of our own files in a process of its own, as it is: built, or as source in a test. */
export function startNode(path: string, argument: unknown, flags: readonly string[] = []): Promise<Program> {
  const fromSource = ['-C', 'netring-source', '--import', join(here, '..', 'store', 'run-source.js')];
  const file = join(here, isSource ? path : path.replace(/\.ts$/, '.js'));
  const options = [...flags, ...(isSource ? fromSource : []), file, JSON.stringify(argument)];
  return startProgram(process.execPath, options);
}

/** Runs `netring …` from its build, with this environment and no other. */
export function startNetring(command: string, environment: Record<string, string>): Promise<Program> {
  const fromHere = isSource ? '../../cli/dist/main.js' : '../../../cli/dist/main.js';
  const settings = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  const clean = ['-i', `PATH=${process.env.PATH ?? ''}`, 'NODE_ENV=production', ...settings];
  return startProgram('env', [...clean, process.execPath, join(here, fromHere), command]);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
