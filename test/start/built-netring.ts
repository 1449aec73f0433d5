import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../../', import.meta.url));
const netring = fileURLToPath(new URL('../../cli/dist/main.js', import.meta.url));

/** Builds what `npm start` runs, unless it is built; once is enough for a file. */
export async function buildNetring(): Promise<void> {
  await promisify(execFile)(process.execPath, ['scripts/build.js', 'cli', 'ui'], { cwd: root });
}

/** How a command line ended, and what it said. */
export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Starts `netring …` as people do, from the build, with none of our own settings around it. */
export function spawnNetring(
  args: readonly string[],
  options: { folder: string; environment?: Record<string, string> },
): ChildProcess {
  return spawn(process.execPath, [netring, ...args], {
    cwd: options.folder,
    env: { ...withoutOurs(), ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Runs `npm start -- …` in the repository, as the leader of a group. */
export function spawnNpmStart(args: readonly string[]): ChildProcess {
  return spawn('npm', ['start', '--', ...args], {
    cwd: root,
    env: withoutOurs(),
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function withoutOurs(): NodeJS.ProcessEnv {
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith('NETRING_'));
  return { ...Object.fromEntries(others), NODE_ENV: 'production' };
}

/** Runs a command line to its end. */
export async function runNetring(
  args: readonly string[],
  options: { folder: string; environment?: Record<string, string> },
): Promise<Ran> {
  const child = spawnNetring(args, options);
  const ran: Ran = { code: null, stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk: Buffer) => (ran.stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (ran.stderr += chunk.toString()));
  ran.code = await new Promise((resolve) => child.once('close', resolve));
  return ran;
}
