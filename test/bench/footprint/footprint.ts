import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PathsAnswer } from '@netring/contract/path';
import { median, type Bench, type BenchResult } from '../bench.ts';
import { aloneBytes, childrenOf, cpuSeconds, proportionalBytes } from '../process-cost.ts';
import { startNetring, startNode } from '../program.ts';
import { startEmbeddedRegistry, type BenchRegistry } from '../start-registry.ts';

const targets = 16;
const location = 'here';

export const footprint: Bench = {
  name: 'footprint',
  about: `memory and processor time of a member, agent and probe process together, with ${targets} targets`,
  async run({ smoke, say }) {
    const registry = await startEmbeddedRegistry();
    const neighbours = await startNode('footprint/neighbours.ts', {
      registryPort: registry.port,
      count: targets,
    });
    try {
      await neighbours.printed(/^ready$/m, 90_000);
      const member = await startNetring('member', {
        NETRING_REGISTRY_URL: registry.url,
        NETRING_LOCATION: location,
        // What probing costs: what discovery costs is bench sockets.
        NETRING_DISCOVERY: 'false',
        NETRING_SERVER_HOST: '127.0.0.1',
        NETRING_SERVER_PORT: '0',
      });
      try {
        say('the member warms up');
        await untilMeasured(registry, 90_000);
        await sleep(smoke ? 0 : 30_000);
        say('it is watched');
        return await watch(member.pid, registry, smoke ? 1 : 60);
      } finally {
        await member.stop();
      }
    } finally {
      await neighbours.stop();
      await registry.stop();
    }
  },
};

async function watch(agent: number, registry: BenchRegistry, seconds: number): Promise<BenchResult> {
  const pids = [agent, ...childrenOf(agent)];
  const cpuBefore = pids.map(cpuSeconds);
  const sentBefore = loopbackBytes();
  const beganMs = performance.now();
  const proportional: number[] = [];
  const alone: number[] = [];
  for (let second = 0; second < seconds; second++) {
    await sleep(1_000);
    proportional.push(pids.reduce((sum, pid) => sum + proportionalBytes(pid), 0) / 2 ** 20);
    alone.push(aloneBytes(pids) / 2 ** 20);
  }
  const cpu = pids.map((pid, at) => (100 * (cpuSeconds(pid) - (cpuBefore[at] as number))) / seconds);
  const kbits = ((loopbackBytes() - sentBefore) * 8) / (performance.now() - beganMs);
  const both = cpu.reduce((sum, one) => sum + one, 0);
  return {
    figures: [
      {
        name: 'agent and probe process, median',
        unit: 'MB PSS',
        ours: median(proportional),
        goal: { of: 'ours', is: 'at most', value: 150 },
      },
      { name: 'the same, were no other Node running', unit: 'MB', ours: median(alone) },
      {
        name: 'agent and probe process',
        unit: '% of a core',
        ours: both,
        goal: { of: 'ours', is: 'at most', value: 3 },
      },
      {
        name: 'everything on loopback: sent, answered, reported',
        unit: 'kbit/s',
        ours: kbits,
        goal: { of: 'ours', is: 'at most', value: 200 },
      },
    ],
    counts: [
      { name: 'processes', expected: 2, found: pids.length },
      { name: 'targets measured', expected: targets, found: await measuredTargets(registry) },
    ],
    notes: [`agent ${(cpu[0] ?? 0).toFixed(2)} %, probe process ${(cpu[1] ?? 0).toFixed(2)} % of a core`],
  };
}

/** Bytes that this machine has sent to itself: here the member's own, and the answers that it gets and would give. */
function loopbackBytes(): number {
  const line = /^\s*lo:(.*)$/m.exec(readFileSync('/proc/net/dev', 'utf8'))?.[1] ?? '';
  return Number(line.trim().split(/\s+/)[8]);
}

async function untilMeasured(registry: BenchRegistry, withinMs: number): Promise<void> {
  const deadlineMs = Date.now() + withinMs;
  while ((await measuredTargets(registry)) < targets) {
    if (Date.now() > deadlineMs) throw new Error(`The member has not measured ${targets} targets in time.`);
    await sleep(200);
  }
}

/** Targets of which the member has found, by TCP, HTTP, UDP and mostly ICMP, that they are well. */
async function measuredTargets({ url }: BenchRegistry): Promise<number> {
  const answer = await fetch(`${url}/api/paths?source=${location}`);
  const { member_paths } = (await answer.json()) as PathsAnswer;
  return member_paths.filter(
    (path) => path.checks.length >= 3 && path.checks.every((check) => check.outcome === 'ok'),
  ).length;
}
