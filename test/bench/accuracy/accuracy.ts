import { setTimeout as sleep } from 'node:timers/promises';
import { labUnavailableReason, networkPath, startLab, type Host, type Lab } from '../../lab/index.ts';
import { startLabProber, targetAt, type LabProber } from '../../probes/lab-prober.ts';
import { median, quantile, type Bench, type BenchResult, type Figure } from '../bench.ts';
import { fpingRoundTrips, pingRoundTrips, raisePriority } from './peers.ts';

/** So many packets a second of each kind, as the peers send, too. */
const perSecond = 1000;
/** The agent's thread works five of every ten milliseconds. */
const busyMs = 5;

interface Round {
  icmp: number[];
  udp: number[];
  ping: number[];
  fping: number[];
}

export const accuracy: Bench = {
  name: 'accuracy',
  about:
    'round trips of icmp and udp at 1,000 probes a second with the agent half busy, beside those that ping and fping ' +
    'read on the same path in the same minute',
  async run({ smoke, say }) {
    const reason = labUnavailableReason();
    if (reason !== undefined) return { figures: [], counts: [], notes: [`no lab: ${reason}`] };
    const lab = await startLab(networkPath('three-sites'));
    try {
      const rounds: Round[] = [];
      for (let round = 1; round <= (smoke ? 1 : 3); round++) {
        say(`round ${round}`);
        rounds.push(await oneRound(lab, smoke ? 1 : 10));
      }
      return resultOf(rounds);
    } finally {
      await lab.close();
    }
  },
};

/** Every kind for so many seconds, one after the other: side by side they would measure each other. */
async function oneRound(lab: Lab, seconds: number): Promise<Round> {
  const [us1, eu1] = [lab.location('us1'), lab.location('eu1')];
  const ping = await pingRoundTrips(us1, eu1.address, perSecond, seconds);
  const icmp = await ours(us1, eu1, 'icmp', seconds);
  const udp = await ours(us1, eu1, 'udp', seconds);
  const fping = await fpingRoundTrips(us1, eu1.address, perSecond, seconds);
  return { ping, icmp, udp, fping };
}

async function ours(from: Host, to: Host, kind: 'icmp' | 'udp', seconds: number): Promise<number[]> {
  const echo = await startLabProber(to, []);
  const prober = await startLabProber(from, targetsOf(kind, to), { intervalMs: intervals[kind], busyMs });
  try {
    for (const one of [echo, prober]) raisePriority(await probeProcessOf(one));
    await untilMeasuring(prober);
    // Until it is compiled and in its rhythm.
    await sleep(1500);
    const before = prober.found.length;
    await sleep(seconds * 1000);
    return prober.found.slice(before).flatMap(({ latencies = [] }) => latencies);
  } finally {
    prober.stop();
    echo.stop();
  }
}

/** An ICMP check takes three packets and 140 ms; over UDP a target has four a second, so there are many of them. */
const intervals = { icmp: 150, udp: 1000 } as const;

function targetsOf(kind: 'icmp' | 'udp', to: Host) {
  const count = kind === 'icmp' ? (perSecond * intervals.icmp) / 1000 / 3 : perSecond / 4;
  const target = targetAt(kind, to);
  return Array.from({ length: count }, (_, at) => ({ ...target, key: `${kind} ${at}` }));
}

async function probeProcessOf(prober: LabProber): Promise<number> {
  for (const deadlineMs = Date.now() + 90_000; ;) {
    const pid = prober.probePid();
    if (pid > 0) return pid;
    if (Date.now() > deadlineMs) throw new Error('There is no probe process.');
    await sleep(20);
  }
}

async function untilMeasuring(prober: LabProber): Promise<void> {
  const deadlineMs = Date.now() + 90_000;
  while (prober.found.every(({ result }) => result.outcome !== 'ok')) {
    if (Date.now() > deadlineMs) throw new Error('The probe process measures nothing.');
    await sleep(50);
  }
}

function resultOf(rounds: readonly Round[]): BenchResult {
  const all = (kind: keyof Round, share: number) => median(rounds.map((one) => quantile(one[kind], share)));
  const above = (kind: 'icmp' | 'udp', share: number) =>
    median(rounds.map((one) => quantile(one[kind], share) - quantile(one.ping, share)));
  const figures = (['icmp', 'udp'] as const).flatMap((kind): Figure[] => [
    { name: `${kind}, median; peer: ping`, unit: 'ms', ours: all(kind, 0.5), peer: all('ping', 0.5) },
    { name: `${kind}, p99; peer: ping`, unit: 'ms', ours: all(kind, 0.99), peer: all('ping', 0.99) },
    {
      name: `${kind}: median off ping's`,
      unit: 'ms',
      ours: Math.abs(above(kind, 0.5)),
      goal: { of: 'ours', is: 'at most', value: 0.1 },
    },
    {
      name: `${kind}: p99 of ping's + 0.5 ms`,
      unit: 'ratio',
      ours: all(kind, 0.99) / (all('ping', 0.99) + 0.5),
      goal: { of: 'ours', is: 'at most', value: 1 },
    },
  ]);
  const counts = (['ping', 'fping', 'icmp', 'udp'] as const).map((kind) => {
    const each = rounds.map((one) => one[kind].length);
    return `${kind} ${Math.round(median(each))}`;
  });
  return {
    figures,
    counts: [],
    notes: [
      `fping: median ${all('fping', 0.5).toFixed(3)} ms, p99 ${all('fping', 0.99).toFixed(3)} ms`,
      `round trips a round: ${counts.join(', ')}; probe processes, echo and forwarders at SCHED_FIFO, peers too`,
    ],
  };
}
