import { expect, it } from 'vitest';
import { createBlameJudge } from './judge.ts';
import { calm, mulberry, simulate, type Nature } from './simulated-dependency.ts';

const sources = ['span', 'server log', 'proxy log', 'callee'] as const;

/** Noisier than the faults have it: few requests, wide latencies, some loss. */
function noisy(seed: number): Nature {
  const random = mulberry(seed * 104_729 + 7);
  const isMultiplexed = random() < 0.4;
  return {
    ...calm,
    rttMs: 0.2 + 60 * random(),
    applicationMs: 1 + 100 * random(),
    spread: 0.1 + 0.7 * random(),
    perSecond: 1 + 20 * random(),
    connections: isMultiplexed ? 1 : 1 + Math.floor(random() * 8),
    multiplexed: isMultiplexed,
    responseBytes: 200 + 60_000 * random(),
    proxyMs: 2 * random(),
    newConnections: random() < 0.5 ? 0.1 : 0,
    source: sources[seed % sources.length] as Nature['source'],
    delayedAcks: random() < 0.5,
    oldConnections: random() < 0.5,
    backgroundLoss: 0.004 * random(),
  };
}

it('blames nobody within an hour of noise, for any of 12 dependencies', () => {
  const alarms: string[] = [];
  for (let seed = 1; seed <= 12; seed++) {
    const simulated = simulate(noisy(seed), seed);
    const judge = createBlameJudge(simulated);
    for (let at = 0; at < 360; at++) {
      const { facts, nowMs } = simulated.pass();
      const { verdict, reasons } = judge.judge(facts, nowMs).blame;
      if (verdict !== 'none' && verdict !== 'unknown') alarms.push(`${seed} window ${at}: ${reasons[0]}`);
    }
  }

  expect(alarms).toEqual([]);
});
