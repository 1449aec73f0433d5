import { setTimeout as sleep } from 'node:timers/promises';
import type { OverviewAnswer } from '@netring/contract/overview';
import { median, quantile, type Bench, type BenchResult } from '../bench.ts';
import { cpuSeconds, residentBytes } from '../process-cost.ts';
import { startNode } from '../program.ts';
import { largeRingFlags, profilingFlags, startRegistry, type RedisRegistry } from '../start-registry.ts';
import { overviewMs, snapshotMs } from './first-answer.ts';
import type { CrowdOrder, CrowdReport } from './members.ts';

const locations = 20;
/** A dashboard is opened this often, each time by both its ways in. */
const sampleMs = 1_000;

export const scale: Bench = {
  name: 'scale',
  about:
    'what 1,000 members with the default plan and intervals cost one registry, and how fast it answers then',
  async run({ smoke, say }) {
    const registry = await startRegistry({}, [...largeRingFlags, ...profilingFlags()]);
    try {
      const [members, seconds] = smoke ? [40, 1] : [1_000, 60];
      say(`${members} members register`);
      return await withCrowd(registry, { port: registry.port, members, locations, seconds });
    } finally {
      await registry.stop();
    }
  },
};

async function withCrowd(registry: RedisRegistry, order: CrowdOrder): Promise<BenchResult> {
  const crowd = await startNode('scale/members.ts', order);
  try {
    await crowd.printed(/^warm$/m, 120_000);
    const before = cpuSeconds(registry.pid);
    const redisBefore = cpuSeconds(registry.redis.pid);
    const samples = await sample(registry, order.seconds);
    const done = await crowd.printed(/^done (.*)$/m, 90_000);
    const cores = (cpuSeconds(registry.pid) - before) / order.seconds;
    const redisCores = (cpuSeconds(registry.redis.pid) - redisBefore) / order.seconds;
    const overview = (await (await fetch(`${registry.url}/api/overview`)).json()) as OverviewAnswer;
    return {
      figures: figures(cores, samples),
      counts: countsOf(overview, order.members),
      notes: [rates(JSON.parse(done[1] as string) as CrowdReport, order.seconds, redisCores)],
    };
  } finally {
    await crowd.stop();
  }
}

interface Samples {
  residentBytes: number[];
  overviewMs: number[];
  snapshotMs: number[];
}

async function sample({ pid, url }: RedisRegistry, seconds: number): Promise<Samples> {
  const samples: Samples = { residentBytes: [], overviewMs: [], snapshotMs: [] };
  const endsMs = Date.now() + seconds * 1000;
  while (Date.now() < endsMs) {
    samples.overviewMs.push(await overviewMs(url));
    samples.snapshotMs.push(await snapshotMs(url));
    samples.residentBytes.push(residentBytes(pid));
    await sleep(Math.max(0, Math.min(sampleMs, endsMs - Date.now())));
  }
  return samples;
}

function figures(cores: number, samples: Samples): BenchResult['figures'] {
  const atMost = (value: number) => ({ of: 'ours' as const, is: 'at most' as const, value });
  const megabytes = Math.max(...samples.residentBytes) / 2 ** 20;
  return [
    { name: 'registry', unit: 'cores', ours: cores, goal: atMost(0.25) },
    { name: 'registry, largest', unit: 'MB RSS', ours: megabytes, goal: atMost(512) },
    {
      name: 'first overview, p99',
      unit: 'ms',
      ours: quantile(samples.overviewMs, 0.99),
      goal: atMost(200),
    },
    { name: 'first overview, median', unit: 'ms', ours: median(samples.overviewMs) },
    {
      name: 'first snapshot, p99',
      unit: 'ms',
      ours: quantile(samples.snapshotMs, 0.99),
      goal: atMost(200),
    },
    { name: 'first snapshot, median', unit: 'ms', ours: median(samples.snapshotMs) },
  ];
}

function countsOf(overview: OverviewAnswer, members: number): BenchResult['counts'] {
  const online = overview.members.filter((one) => one.status === 'online').length;
  const { planned, measured } = overview.coverage;
  return [
    { name: 'members online', expected: members, found: online },
    { name: 'planned paths that are measured', expected: planned, found: measured },
  ];
}

function rates({ reports, heartbeats, polls }: CrowdReport, seconds: number, redisCores: number): string {
  const perSecond = (count: number) => (count / seconds).toFixed(0);
  return (
    `${perSecond(reports)} reports, ${perSecond(heartbeats)} heartbeats and ${perSecond(polls)} polls a second; ` +
    `Redis used ${redisCores.toFixed(2)} cores`
  );
}
