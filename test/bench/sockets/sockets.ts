import { spawn, execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { median, type Bench, type BenchResult } from '../bench.ts';
import { childrenOf, proportionalBytes } from '../process-cost.ts';
import { startNode, startProgram, type Program } from '../program.ts';
import type { WatchedLook, WatcherOrder } from './watcher.ts';

const intervalMs = 5000;

interface Size {
  processes: number;
  /** That each process opens to the next one: it holds twice as many sockets. */
  connections: number;
  /** Looks that are left out: the first one finds all processes, and code is compiled in the next ones. */
  warmLooks: number;
  /** Looks that are counted, after these. */
  looks: number;
  intervalMs: number;
}

const whole: Size = { processes: 1000, connections: 10, warmLooks: 3, looks: 8, intervalMs };
const short: Size = { processes: 20, connections: 3, warmLooks: 1, looks: 1, intervalMs: 1000 };

export const sockets: Bench = {
  name: 'sockets',
  about: `what a look at ${2 * whole.processes * whole.connections} sockets of ${whole.processes} processes costs`,
  async run({ smoke, say }) {
    const size = smoke ? short : whole;
    const folder = await mkdtemp(join(tmpdir(), 'netring-crowd-'));
    try {
      say(`${size.processes} processes connect to each other`);
      const crowd = await startCrowd(folder, size);
      try {
        return await measure(size, say);
      } finally {
        await crowd.stop();
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

async function measure(size: Size, say: (line: string) => void): Promise<BenchResult> {
  const { warmLooks } = size;
  say(`a look every ${size.intervalMs / 1000} s`);
  const order: WatcherOrder = { intervalMs: size.intervalMs };
  const watcher = await startNode('sockets/watcher.ts', order);
  try {
    await watched(watcher, warmLooks);
    const before = { ...cpuOf(watcher.pid), atMs: performance.now() };
    const peers: Cost[] = [];
    let peakBytes = 0;
    for (let look = 1; look <= size.looks; look++) {
      const due = watched(watcher, warmLooks + look);
      peakBytes = Math.max(peakBytes, await peakUntil(due, watcher.pid));
      // Between two looks, in the same minute of the same machine.
      peers.push(await peerCost());
    }
    const seconds = (performance.now() - before.atMs) / 1000;
    const after = cpuOf(watcher.pid);
    const share = (100 * (after.own + after.children - before.own - before.children)) / seconds;
    return resultOf(await watched(watcher, warmLooks + size.looks), { peers, peakBytes, share }, size);
  } finally {
    await watcher.stop();
  }
}

interface Cost {
  tookMs: number;
  cpuMs: number;
}

function resultOf(
  looks: readonly WatchedLook[],
  { peers, peakBytes, share }: { peers: readonly Cost[]; peakBytes: number; share: number },
  { processes, connections, warmLooks }: Size,
): BenchResult {
  const steady = looks.slice(warmLooks);
  const last = steady.at(-1) as WatchedLook;
  const asMuch = { of: 'ratio', is: 'at most', value: 1 } as const;
  const atMost = (value: number) => ({ of: 'ours', is: 'at most', value }) as const;
  return {
    figures: [
      {
        name: 'a look, from beginning to end',
        unit: 'ms',
        ours: median(steady.map((one) => one.tookMs)),
        peer: median(peers.map((one) => one.tookMs)),
        goal: asMuch,
      },
      {
        name: 'a look, processor time',
        unit: 'ms',
        ours: median(steady.map((one) => one.costMs)),
        peer: median(peers.map((one) => one.cpuMs)),
        goal: asMuch,
      },
      { name: 'of one core, ss and agent together', unit: '%', ours: share, goal: atMost(4) },
      { name: 'memory, ss and agent together', unit: 'MB', ours: peakBytes / 2 ** 20, goal: atMost(150) },
      { name: 'the first look, processor time', unit: 'ms', ours: looks[0]?.costMs ?? NaN },
    ],
    counts: [
      // Other programs of the machine may have sockets, too.
      {
        name: 'sockets of the crowd that were told',
        expected: 2 * processes * connections,
        found: Math.min(last.told, 2 * processes * connections),
      },
      { name: 'services of the crowd', expected: processes, found: Math.min(last.services, processes) },
      {
        name: 'looks that came too late',
        expected: 0,
        found: steady.filter((one) => one.isThrottled).length,
      },
    ],
    notes: [
      `${steady.filter((one) => one.isThrottled).length} of ${steady.length} looks were put off for what they cost`,
      'the peer is ss -tnpH | wc -l, which finds the processes anew each time and has no statistics',
    ],
  };
}

/** All looks so far, as soon as there are so many. */
async function watched(watcher: Program, count: number): Promise<WatchedLook[]> {
  await watcher.printed(new RegExp(`(?:^look .*\\n[^]*?){${count}}`, 'm'), 120_000);
  return watcher
    .output()
    .split('\n')
    .slice(0, -1)
    .filter((line) => line.startsWith('look '))
    .map((line) => JSON.parse(line.slice('look '.length)) as WatchedLook);
}

/** The most memory that a process and what it runs have taken until then, looked at often. */
async function peakUntil(due: Promise<unknown>, pid: number): Promise<number> {
  let isDue = false;
  void due.finally(() => (isDue = true)).catch(() => undefined);
  let peak = 0;
  while (!isDue) {
    const all = [pid, ...childrenOf(pid)].map((one) => {
      try {
        return proportionalBytes(one);
      } catch {
        // It has just ended.
        return 0;
      }
    });
    peak = Math.max(
      peak,
      all.reduce((sum, one) => sum + one, 0),
    );
    await sleep(20);
  }
  await due;
  return peak;
}

/** Seconds of processor time of a process, and of the children it has waited for (proc(5)). */
function cpuOf(pid: number): { own: number; children: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = (from: number): number => (Number(fields[from]) + Number(fields[from + 1])) / 100;
  return { own: ticks(11), children: ticks(13) };
}

async function peerCost(): Promise<Cost> {
  const before = cpuOf(process.pid).children;
  const startedMs = performance.now();
  const child = spawn('sh', ['-c', 'ss -tnpH | wc -l'], { stdio: 'ignore' });
  await once(child, 'exit');
  const tookMs = performance.now() - startedMs;
  return { tookMs, cpuMs: 1000 * (cpuOf(process.pid).children - before) };
}

async function startCrowd(folder: string, { processes, connections }: Size): Promise<Program> {
  const program = join(folder, 'crowd');
  await promisify(execFile)('cc', ['-O2', '-o', program, crowdSource()]);
  const crowd = await startProgram(program, [String(processes), String(connections)]);
  await crowd.printed(/^ready$/m, 120_000);
  return crowd;
}

/** Also when this file runs from the build in `test/dist/bench`. */
function crowdSource(): string {
  const here = fileURLToPath(new URL('.', import.meta.url));
  const beside = join(here, 'crowd.c');
  return existsSync(beside) ? beside : join(here, '..', '..', '..', 'bench', 'sockets', 'crowd.c');
}
