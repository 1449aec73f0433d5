import { median, type Bench, type BenchResult, type Figure } from '../bench.ts';
import { startNode } from '../program.ts';
import type { AgentOrder, AgentReport } from './agent.ts';
import { blackboxUnavailableReason, startBlackbox, type Blackbox } from './blackbox.ts';
import { kernelRoundTripsMs } from './kernel-round-trip.ts';

type Kind = 'tcp' | 'http';
type Ports = Record<Kind, number>;

/** So many targets, checked ten times a second, keep the probe process busy without starving it. */
const manyTargets: Record<Kind, number> = { tcp: 200, http: 100 };
const fewTargets = 16;

interface Round {
  ours: Record<Kind, AgentReport>;
  peer: Partial<Record<Kind, number>>;
  calm: AgentReport;
  kernelMs: number;
}

export const probes: Bench = {
  name: 'probes',
  about:
    'checks per second of processor time of the probe process, beside prometheus-blackbox-exporter, and how far its ' +
    'TCP connect time lies above the round trip that the kernel measures, with the agent half busy',
  async run({ smoke, say }) {
    const [rounds, seconds] = smoke ? [1, 1] : [3, 6];
    const absent = blackboxUnavailableReason();
    const servers = await startNode('probes/targets.ts', {});
    const blackbox = absent === undefined ? await startBlackbox() : undefined;
    try {
      const ports = JSON.parse((await servers.printed(/^targets (.*)$/m, 90_000))[1] as string) as Ports;
      const done: Round[] = [];
      for (let round = 1; round <= rounds; round++) {
        say(`round ${round} of ${rounds}`);
        done.push(await oneRound(ports, blackbox, seconds));
      }
      return resultOf(done, absent);
    } finally {
      await blackbox?.stop();
      await servers.stop();
    }
  },
};

async function oneRound(ports: Ports, blackbox: Blackbox | undefined, seconds: number): Promise<Round> {
  const peer: Round['peer'] = {};
  const ours = {} as Round['ours'];
  for (const kind of ['tcp', 'http'] as const) {
    const order = { kind, port: ports[kind], targets: manyTargets[kind], seconds };
    ours[kind] = await agentRun(order);
    const cost = await blackbox?.probe(kind, ports[kind], seconds);
    if (cost !== undefined) peer[kind] = cost.ok / cost.cpuSeconds;
  }
  const calm = agentRun({ kind: 'tcp', port: ports.tcp, targets: fewTargets, seconds });
  const kernel = await kernelRoundTripsMs(ports.tcp, seconds);
  return { ours, peer, calm: await calm, kernelMs: median(kernel) };
}

async function agentRun(order: AgentOrder): Promise<AgentReport> {
  const agent = await startNode('probes/agent.ts', order);
  try {
    const done = await agent.printed(/^done (.*)$/m, order.seconds * 1000 + 90_000);
    return JSON.parse(done[1] as string) as AgentReport;
  } finally {
    await agent.stop();
  }
}

function resultOf(rounds: readonly Round[], absent: string | undefined): BenchResult {
  const connectMs = median(rounds.map((one) => median(one.calm.connectMs)));
  const kernelMs = median(rounds.map((one) => one.kernelMs));
  const aboveMs = median(rounds.map((one) => median(one.calm.connectMs) - one.kernelMs));
  const reports = rounds.flatMap((one) => [one.ours.tcp, one.ours.http, one.calm]);
  const checks = reports.reduce((sum, one) => sum + one.checks, 0);
  const ok = reports.reduce((sum, one) => sum + one.ok, 0);
  return {
    figures: [
      perCpuSecond('TCP', 'tcp', rounds),
      perCpuSecond('HTTP', 'http', rounds),
      { name: 'TCP connect, median; peer: the kernel', unit: 'ms', ours: connectMs, peer: kernelMs },
      {
        name: 'TCP connect above the kernel',
        unit: 'ms',
        ours: aboveMs,
        goal: { of: 'ours', is: 'at most', value: 0.1 },
      },
    ],
    counts: [],
    notes: [
      `${ok} of ${checks} checks ok, ${checks - ok} void since the process was held up; only those that are ok count`,
      ...(absent === undefined ? [] : [`no peer: ${absent}`]),
    ],
  };
}

function perCpuSecond(name: string, kind: Kind, rounds: readonly Round[]): Figure {
  const peers = rounds.flatMap((one) => one.peer[kind] ?? []);
  return {
    name: `${name} checks`,
    unit: 'per CPU second',
    ours: median(rounds.map((one) => one.ours[kind].ok / one.ours[kind].cpuSeconds)),
    ...(peers.length === 0 ? {} : { peer: median(peers) }),
    goal: { of: 'ratio', is: 'at least', value: 2 },
  };
}
