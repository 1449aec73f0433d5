import { setTimeout as sleep } from 'node:timers/promises';
import type { OverviewAnswer } from '@netring/contract/overview';
import type { PathsAnswer } from '@netring/contract/path';
import { childrenOf, residentBytes } from '../bench/process-cost.ts';
import { startNetring, startNode, type Program } from '../bench/program.ts';
import { startRegistry, type BenchRegistry } from '../bench/start-registry.ts';
import type { FlappingOrder, FlappingReport } from './flapping.ts';
import { growthOf, type Growth } from './growth.ts';

export interface SoakResult {
  seconds: number;
  lives: number;
  kills: number;
  /** What is not as it should be at the end. */
  faults: string[];
  memory: Record<'registry heap' | 'registry' | 'agent' | 'probe process', Growth>;
}

const crowd = { steady: 30, flapping: 20 };
const killEveryMs = 20_000;

/**
 * A registry, a member that stays, a member that is killed and comes back, and a crowd of which some join and leave
 * all the time; at the end the picture is held against what happened.
 */
export async function soak(seconds: number, say: (line: string) => void): Promise<SoakResult> {
  const registry = await startRegistry();
  const staying = await startMember(registry, 'staying');
  const crowdProgram = await startNode('../soak/flapping.ts', orderOf(registry, seconds));
  const killed = killAgainAndAgain(registry);
  try {
    const memory = await watchMemory(registry, staying, seconds, say);
    const done = await crowdProgram.printed(/^done (.*)$/m, 60_000);
    const kills = await killed.stop();
    const report = JSON.parse(done[1] as string) as FlappingReport;
    return { seconds, lives: report.lives, kills, memory, faults: await faultsOf(registry, report.gone) };
  } finally {
    await killed.stop();
    await crowdProgram.stop();
    await staying.stop();
    await registry.stop();
  }
}

function orderOf({ port }: BenchRegistry, seconds: number): FlappingOrder {
  return { port, ...crowd, seconds };
}

function startMember({ url }: BenchRegistry, id: string): Promise<Program> {
  return startNetring('member', {
    NETRING_REGISTRY_URL: url,
    NETRING_LOCATION: 'here',
    NETRING_INSTANCE_ID: id,
    NETRING_SERVER_HOST: '127.0.0.1',
    NETRING_SERVER_PORT: '0',
    NETRING_DISCOVERY: 'false',
    NETRING_LOG_LEVEL: 'error',
  });
}

/** Kills a member by `kill -9` and starts it again, until stopped; how often it was killed. */
function killAgainAndAgain(registry: BenchRegistry): { stop(): Promise<number> } {
  const stopping = new AbortController();
  const running = (async () => {
    let kills = 0;
    while (!stopping.signal.aborted) {
      const member = await startMember(registry, 'killed');
      await sleep(killEveryMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      process.kill(member.pid, 'SIGKILL');
      await member.stop();
      kills++;
    }
    return kills;
  })();
  return {
    stop() {
      stopping.abort();
      return running;
    },
  };
}

async function watchMemory(
  registry: BenchRegistry,
  member: Program,
  seconds: number,
  say: (line: string) => void,
): Promise<SoakResult['memory']> {
  const everyMs = Math.min(5_000, Math.max(500, seconds * 10));
  const readings = {
    'registry heap': [] as number[],
    registry: [] as number[],
    agent: [] as number[],
    'probe process': [] as number[],
  };
  const endsMs = Date.now() + seconds * 1000;
  for (let told = Date.now(); Date.now() < endsMs;) {
    await sleep(everyMs);
    readings['registry heap'].push(await heapMb(registry));
    readings.registry.push(residentBytes(registry.pid) / 2 ** 20);
    readings.agent.push(residentBytes(member.pid) / 2 ** 20);
    const probes = childrenOf(member.pid)[0];
    if (probes !== undefined) readings['probe process'].push(residentBytes(probes) / 2 ** 20);
    if (Date.now() - told < 60_000) continue;
    told = Date.now();
    say(`${Math.round((endsMs - told) / 60_000)} minutes left`);
  }
  return Object.fromEntries(
    Object.entries(readings).map(([name, megabytes]) => [name, growthOf(megabytes)]),
  ) as SoakResult['memory'];
}

async function heapMb({ url }: BenchRegistry): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^nodejs_heap_size_used_bytes (\S+)$/m.exec(text)?.[1]) / 2 ** 20;
}

/** One refresh of the picture takes a second; the rest is for a busy machine. */
const settlesWithinMs = 30_000;

/** Holds what the registry shows against what happened, once it has had the time to show it. */
async function faultsOf(registry: BenchRegistry, gone: readonly string[]): Promise<string[]> {
  const deadlineMs = Date.now() + settlesWithinMs;
  for (;;) {
    const faults = await faultsNow(registry, gone);
    if (faults.length === 0 || Date.now() > deadlineMs) return faults;
    await sleep(500);
  }
}

async function faultsNow({ url }: BenchRegistry, gone: readonly string[]): Promise<string[]> {
  const overview = (await (await fetch(`${url}/api/overview`)).json()) as OverviewAnswer;
  const { member_paths } = (await (await fetch(`${url}/api/paths`)).json()) as PathsAnswer;
  const status = new Map(overview.members.map((one) => [one.instance_id, one.status]));
  const steady = [...Array.from({ length: crowd.steady }, (_, at) => `steady-${at}`), 'staying'];
  const away = new Set(gone);
  const down = overview.location_paths.filter((one) => one.state === 'down');
  return [
    ...steady.filter((id) => status.get(id) !== 'online').map((id) => `${id} is ${status.get(id)}`),
    ...gone
      .filter((id) => status.get(id) !== 'deregistered')
      .map((id) => `${id} said goodbye and is ${status.get(id)}`),
    ...down.map((one) => `${one.source} → ${one.target} is down: ${one.reasons[0]}`),
    ...member_paths
      .filter((one) => away.has(one.source) || away.has(one.target))
      .map((one) => `${one.source} → ${one.target} is shown though one of them said goodbye`),
  ];
}
