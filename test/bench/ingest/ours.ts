import type { PathsAnswer } from '@netring/contract/path';
import { cpuSeconds } from '../process-cost.ts';
import { startNode } from '../program.ts';
import { startRegistry, type BenchRegistry } from '../start-registry.ts';
import { readEvents } from './event-reader.ts';
import { resultsPerReport } from './facts.ts';
import type { LoadOrder, LoadReport } from './load.ts';

/** One run of load, and what it cost. */
export interface LoadCost {
  results: number;
  resultsPerSecond: number;
  /** Of everything that serves: with ours, that is registry and Redis. */
  cpuSeconds: number;
  /** Results that can be read back afterwards. */
  found: number;
}

export interface OurCost extends LoadCost {
  registryCpuSeconds: number;
  generatorCpuSeconds: number;
  events: number;
}

/** Loads one registry on a fresh Redis, with one dashboard listening, and looks for every result afterwards. */
export async function loadRegistry(seconds: number): Promise<OurCost> {
  const registry = await startRegistry();
  try {
    const reader = await readEvents(registry.url);
    const pids = [registry.pid, registry.redis.pid];
    const { report, cpu } = await runLoad({ to: 'registry', port: registry.port, seconds }, pids);
    const results = report.reports * resultsPerReport;
    const found = await resultsFound(registry);
    reader.close();
    return {
      results,
      resultsPerSecond: results / report.seconds,
      cpuSeconds: (cpu[0] as number) + (cpu[1] as number),
      registryCpuSeconds: cpu[0] as number,
      generatorCpuSeconds: report.cpuSeconds,
      found,
      events: reader.events(),
    };
  } finally {
    await registry.stop();
  }
}

/** Runs the load program; says what it did, and how much processor time each of `pids` used meanwhile. */
export async function runLoad(
  order: LoadOrder,
  pids: readonly number[],
): Promise<{ report: LoadReport; cpu: number[] }> {
  const load = await startNode('ingest/load.ts', order);
  try {
    await load.printed(/^started$/m, 60_000);
    const before = pids.map(cpuSeconds);
    const done = await load.printed(/^done (.*)$/m, order.seconds * 1000 + 90_000);
    const cpu = pids.map((pid, at) => cpuSeconds(pid) - (before[at] as number));
    return { report: JSON.parse(done[1] as string) as LoadReport, cpu };
  } finally {
    await load.stop();
  }
}

/** The sum of the checks of all paths, as anybody can read them. */
async function resultsFound(registry: BenchRegistry): Promise<number> {
  const answer = await fetch(`${registry.url}/api/paths`);
  const { member_paths } = (await answer.json()) as PathsAnswer;
  return member_paths.flatMap((path) => path.checks).reduce((sum, check) => sum + check.window.checks, 0);
}
