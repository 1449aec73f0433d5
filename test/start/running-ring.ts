import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from '../redis/free-port.ts';
import { takeAddressBlock } from './address-block.ts';
import { spawnNetring, spawnNpmStart } from './built-netring.ts';

/** A ring that runs under `netring up`, beside any other one. */
export interface RunningRing {
  readonly url: string;
  readonly folder: string;
  /** Loopback address of `us1`, `eu1` or `ap1`. */
  address(location: string): string;
  /** Everything it printed so far. */
  readonly output: () => string;
  /** The process of `registry`, `member eu1`, `shop orders`. */
  pid(name: string): number;
  /** Sends a signal to `netring up` itself, or to npm and nobody else. */
  signal(signal: NodeJS.Signals): void;
  /** Its exit code, or the signal that killed it. */
  ended(): Promise<number | NodeJS.Signals>;
  /** Command lines of processes that it started, and those started, that still run. */
  readonly left: () => string[];
  /** Kills what is left of it, and removes its folder. */
  clear(): Promise<void>;
}

/** Starts one and waits until it says where its dashboard is. */
export async function startRing(by: 'netring up' | 'npm start' = 'netring up'): Promise<RunningRing> {
  const folder = await mkdtemp(join(tmpdir(), 'netring-up-'));
  const port = await freePort();
  const { block: addressBlock, release } = await takeAddressBlock();
  const args = ['--port', String(port), '--address-block', addressBlock, '--data', folder];
  const child = by === 'npm start' ? spawnNpmStart(args) : spawnNetring(['up', ...args], { folder });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const end = new Promise<number | NodeJS.Signals>((resolve) =>
    child.once('exit', (code, signal) => resolve(signal ?? code ?? -1)),
  );
  const groups = () =>
    [...output.matchAll(/ pid (\d+)/g)].map((found) => Number(found[1])).concat(child.pid ?? []);
  const ring: RunningRing = {
    url: `http://127.0.0.1:${port}`,
    folder,
    address: (location) => `${addressBlock}.${['us1', 'eu1', 'ap1'].indexOf(location) + 1}.1`,
    output: () => output,
    pid: (name) => Number(new RegExp(`^ +${name} +pid (\\d+)`, 'm').exec(output)?.[1]),
    signal: (signal) => void child.kill(signal),
    ended: () => end,
    left: () => processesOf(groups()),
    async clear() {
      child.kill('SIGKILL');
      await end;
      for (const group of groups()) killGroup(group);
      release();
      await rm(folder, { recursive: true, force: true });
    },
  };
  await saidWhere(ring, () => child.exitCode !== null);
  return ring;
}

async function saidWhere(ring: RunningRing, isOver: () => boolean): Promise<void> {
  const deadlineMs = Date.now() + 120_000;
  while (!ring.output().includes('Dashboard:')) {
    if (isOver() || Date.now() > deadlineMs) {
      const said = ring.output();
      ring.signal('SIGTERM');
      await ring.ended();
      await ring.clear();
      throw new Error(`The ring did not come up:\n${said}`);
    }
    await wait(50);
  }
}

/** Every process of a ring leads a group, with whatever it starts in it. */
function processesOf(groups: readonly number[]): string[] {
  const all = execFileSync('ps', ['-e', '-o', 'pgid=,stat=,args='], { encoding: 'utf8' }).split('\n');
  return all.filter((line) => {
    const [group, state] = line.trim().split(/ +/);
    return groups.includes(Number(group)) && !state?.startsWith('Z');
  });
}

function killGroup(group: number): void {
  try {
    process.kill(-group, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
