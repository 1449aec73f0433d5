import { spawnSync } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Trace } from '@netring/contract/trace';
import { labUnavailableReason } from '../../lab/availability.ts';
import { networkPath, startLab, type Lab } from '../../lab/index.ts';
import { mtrHops } from '../../trace/mtr.ts';
import { tracesFrom } from '../../trace/traces-in-lab.ts';
import { median, type Bench, type BenchResult, type Figure } from '../bench.ts';

/** The lab's longest answering path. */
const path = { from: 'us1', to: 'eu1', hops: 12, roundTripMs: 90 };
const silentRouters = ['r2', 'r4', 'r6', 'r8'];
/** A router of that path answers six probes at once, and one a second after that. */
const calmMs = 6_000;

export const trace: Bench = {
  name: 'trace',
  about: `how long a trace of ${path.hops} hops and ${path.roundTripMs} ms takes, all answering and with four silent, beside traceroute and mtr`,
  async run({ smoke, say }) {
    const unavailable = labUnavailableReason();
    if (unavailable !== undefined) return { figures: [], counts: [], notes: [`not run: ${unavailable}`] };
    const lab = await startLab(networkPath('twelve-hops'));
    try {
      const times = smoke ? 1 : 5;
      say('all hops answer');
      // Together the three ask a router for six answers at most once.
      const answering = await measure(lab, times, smoke ? 1_000 : calmMs);
      if (smoke) return resultOf(answering, undefined);
      for (const name of silentRouters) await silence(lab, name);
      say('four hops are silent');
      return resultOf(answering, await measure(lab, times, calmMs));
    } finally {
      await lab.close();
    }
  },
};

interface Measured {
  traces: Trace[];
  hops: string[] | undefined;
  /** Wall time of the peers; absent when they are not installed. */
  tracerouteMs: number | undefined;
  mtrMs: number | undefined;
}

async function measure(lab: Lab, times: number, pauseMs: number): Promise<Measured> {
  const from = lab.location(path.from);
  const host = lab.location(path.to).address;
  await sleep(pauseMs);
  let hops: string[] | undefined;
  const mtrMs = await wallMs('mtr', async () => (hops = await mtrHops(from, host)));
  await sleep(pauseMs);
  const tracerouteMs = await wallMs('traceroute', () =>
    from.exec('traceroute', ['-n', '-q1', host], { timeoutMs: 120_000 }),
  );
  await sleep(pauseMs);
  const traces = await tracesFrom(from, { host, times, pauseMs });
  return { traces, hops, tracerouteMs, mtrMs };
}

async function wallMs(program: string, run: () => Promise<unknown>): Promise<number | undefined> {
  if (!isInstalled(program)) return undefined;
  const startedMs = performance.now();
  await run();
  return performance.now() - startedMs;
}

function isInstalled(program: string): boolean {
  return spawnSync('which', [program]).status === 0;
}

/** One ICMP error in a thousand seconds. */
async function silence(lab: Lab, name: string): Promise<void> {
  const script = 'echo 1000000 > /proc/sys/net/ipv4/icmp_ratelimit';
  const { code, stderr } = await lab.router(name).exec('sh', ['-c', script]);
  if (code !== 0) throw new Error(`${name} cannot be silenced: ${stderr}`);
}

function resultOf(answering: Measured, silent: Measured | undefined): BenchResult {
  return {
    figures: [
      ...figuresOf('all answering', answering, 1.2 * path.roundTripMs + 50),
      ...(silent === undefined ? [] : figuresOf('four silent hops', silent, 1_200)),
    ],
    counts: [
      { name: 'hops found, all answering', expected: path.hops, found: answeringHops(answering) },
      ...(silent === undefined ? [] : [silentCount(silent)]),
      ...sameAsMtr(answering),
    ],
    notes: answering.mtrMs === undefined ? ['no peer: mtr is not installed'] : [],
  };
}

function figuresOf(name: string, { traces, tracerouteMs, mtrMs }: Measured, goalMs: number): Figure[] {
  const ours = median(traces.map((one) => one.ended_ms - one.started_ms));
  const goal = { of: 'ours', is: 'at most', value: goalMs } as const;
  const beside = (peer: number | undefined) => (peer === undefined ? {} : { peer });
  return [
    { name: `${name}; peer: traceroute -n -q1`, unit: 'ms', ours, ...beside(tracerouteMs), goal },
    { name: `${name}; peer: mtr -c1`, unit: 'ms', ours, ...beside(mtrMs) },
  ];
}

function silentCount(silent: Measured): BenchResult['counts'][number] {
  const expected = path.hops - silentRouters.length;
  return { name: 'hops found, four silent', expected, found: answeringHops(silent) };
}

function answeringHops({ traces }: Measured): number {
  return median(traces.map(({ hops }) => hops.filter(({ answers }) => answers.length > 0).length));
}

function sameAsMtr({ traces, hops }: Measured): BenchResult['counts'] {
  if (hops === undefined) return [];
  const equal = traces.filter((one) => one.hops.every(({ answers }, at) => answers[0]?.ip === hops[at]));
  return [{ name: 'traces with the hops of mtr', expected: traces.length, found: equal.length }];
}
