import type { Blame } from '@netring/contract/graph';
import { describe, expect, it } from 'vitest';
import { createBlameJudge } from './judge.ts';
import { calm, mulberry, simulate, type Fault, type Nature } from './simulated-dependency.ts';

/** One fault of the table, made up from random numbers in [0, 1). */
interface Row {
  name: string;
  expected: Blame;
  /** What the first sentence must say. */
  says: RegExp;
  fault(random: () => number, nature: Nature): Fault;
  nature?: Partial<Nature>;
}

const between = (random: () => number, low: number, high: number) => low + random() * (high - low);

const rows: Row[] = [
  {
    name: 'application',
    expected: 'application',
    says: /^application: payments takes/,
    fault: (random, { applicationMs }) => ({ applicationMs: between(random, 1, 5) * applicationMs + 8 }),
  },
  {
    name: 'network at a hop',
    expected: 'network',
    says: /^network, at hop 3 \(10\.3\.0\.1\)/,
    fault: (random) => ({ rttMs: between(random, 10, 120) }),
  },
  {
    name: 'network, not on the probed path',
    expected: 'network',
    says: /^network, not on the probed path/,
    fault: (random) => ({ rttMs: between(random, 60, 150), unprobed: true }),
    nature: { oldConnections: false },
  },
  {
    name: 'network, not on the probed path, under old connections that both ends see',
    expected: 'network',
    says: /^network, not on the probed path/,
    fault: (random) => ({ rttMs: between(random, 40, 150), unprobed: true }),
    nature: { oldConnections: true, bothEnds: true, source: 'span', newConnections: 0 },
  },
  {
    name: 'loss',
    expected: 'network',
    says: /^network \(loss\)/,
    fault: (random) => ({ loss: between(random, 0.04, 0.12) }),
  },
  {
    name: 'receiver not reading',
    expected: 'application',
    says: /receiver not reading/,
    fault: (random, { applicationMs }) => ({
      unread: { share: between(random, 0.6, 1), ms: 20 + applicationMs * between(random, 1, 4) },
    }),
  },
  {
    name: 'proxy',
    expected: 'application',
    says: /^application: proxy/,
    fault: (random) => ({ proxyMs: between(random, 10, 100) }),
    nature: { source: 'proxy log', proxyMs: 1 },
  },
  {
    name: 'accept queue',
    expected: 'application',
    says: /accept queue or host/,
    fault: (random) => ({ connectMs: between(random, 50, 1000) }),
    nature: { newConnections: 0.1 },
  },
  {
    name: 'both',
    expected: 'both',
    says: /^both: of .* network .* application/,
    fault: (random, { applicationMs }) => ({
      rttMs: between(random, 20, 100),
      applicationMs: 30 + between(random, 1, 5) * applicationMs,
    }),
  },
  {
    name: 'errors',
    expected: 'application',
    says: /answered 5xx/,
    fault: (random) => ({ serverErrors: between(random, 0.15, 1) }),
  },
  { name: 'cut', expected: 'network', says: /path is down/, fault: () => ({ cut: true }) },
  {
    name: 'a slow tail',
    expected: 'application',
    says: /one request in twenty/,
    fault: (_random, { applicationMs }) => ({ tail: { share: 0.12, ms: 10 * applicationMs } }),
    nature: { perSecond: 20, multiplexed: false, connections: 4, backgroundLoss: 0 },
  },
];

function natureOf(random: () => number, seed: number): Nature {
  const sources = ['span', 'server log', 'proxy log', 'callee'] as const;
  const isMultiplexed = random() < 0.4;
  return {
    ...calm,
    rttMs: between(random, 0.3, 40),
    applicationMs: between(random, 2, 60),
    spread: between(random, 0.05, 0.4),
    perSecond: between(random, 3, 40),
    connections: isMultiplexed ? 1 : 1 + Math.floor(random() * 8),
    multiplexed: isMultiplexed,
    responseBytes: between(random, 200, 60_000),
    source: sources[seed % sources.length] as Nature['source'],
    delayedAcks: random() < 0.5,
    bothEnds: seed % 2 === 0,
    oldConnections: random() < 0.5,
    backgroundLoss: between(random, 0, 0.002),
  };
}

/** Loss and a cut are not felt where the latency is taken by the callee alone. */
function fits(row: Row, nature: Nature): Nature {
  const needsFelt = ['loss', 'receiver not reading'].includes(row.name);
  const source = needsFelt ? 'span' : nature.source;
  return { ...nature, source, ...row.nature };
}

function judgeFault(row: Row, seed: number) {
  const random = mulberry(seed * 7919 + 13);
  const nature = fits(row, natureOf(random, seed));
  const simulated = simulate(nature, seed);
  const judge = createBlameJudge(simulated);
  for (let at = 0; at < 20; at++) {
    const { facts, nowMs } = simulated.pass();
    judge.judge(facts, nowMs);
  }
  const fault = row.fault(random, nature);
  const verdicts = Array.from({ length: 6 }, () => {
    const { facts, nowMs } = simulated.pass(fault);
    return judge.judge(facts, nowMs).blame;
  });
  return { nature, fault, verdicts };
}

describe('generated faults, over all rows of the table', () => {
  const seeds = Array.from({ length: 4 }, (_, at) => at + 1);
  const outcomes = rows.flatMap((row) => seeds.map((seed) => ({ row, seed, ...judgeFault(row, seed) })));

  it('are told in three windows and stay told, none wrong, none unknown', () => {
    const settled = outcomes.flatMap(({ row, seed, nature, fault, verdicts }) =>
      verdicts.slice(2).map((blame, at) => ({ row, seed, nature, fault, window: at + 3, blame })),
    );
    const wrong = settled.filter(
      ({ row, blame }) => blame.verdict !== row.expected && blame.verdict !== 'unknown',
    );
    const unknown = settled.filter(({ blame }) => blame.verdict === 'unknown');
    expect(
      wrong.map(
        (one) =>
          `${one.row.name} ${one.seed} window ${one.window}: ${JSON.stringify([one.nature, one.fault, one.blame])}`,
      ),
    ).toEqual([]);
    expect(
      unknown.map((one) => `${one.row.name} ${one.seed}: ${JSON.stringify([one.nature, one.blame])}`),
    ).toEqual([]);
  });

  it('have a first sentence with numbers that says what and where', () => {
    const first = outcomes.map(({ row, seed, verdicts }) => ({
      name: `${row.name} ${seed}`,
      says: verdicts[3]?.reasons.some((one) => row.says.test(one)) === true ? true : verdicts[3],
    }));
    expect(first.filter(({ says }) => says !== true)).toEqual([]);
  });

  it('have shares that sum to the total', () => {
    for (const { verdicts } of outcomes) {
      for (const { shares } of verdicts) {
        if (shares === undefined) continue;
        const sum = shares.network_ms + shares.application_ms + shares.proxy_ms;
        expect(Math.abs(sum - shares.total_ms)).toBeLessThan(0.006);
      }
    }
  });
});
