import { expect, it } from 'vitest';
import { createBlameJudge } from './judge.ts';
import { calm, simulate, type Fault } from './simulated-dependency.ts';

/** A client far away, and what the proxy before an application wrote down of it: the client's network is not in it. */
function blameOf(fault: Fault) {
  const nature = {
    ...calm,
    rttMs: 80,
    applicationMs: 18,
    proxyMs: 2,
    perSecond: 3,
    source: 'proxy log',
  } as const;
  const simulated = simulate(nature, 11);
  const judge = createBlameJudge(simulated);
  const pass = (fault?: Fault) => {
    const { facts, nowMs } = simulated.pass(fault);
    return judge.judge(facts, nowMs).blame;
  };
  for (let at = 0; at < 20; at++) pass();
  return [pass(fault), pass(fault), pass(fault)].at(-1);
}

it('puts the network on top of what a proxy wrote down of its clients', () => {
  const { verdict, shares } = blameOf({}) ?? {};
  expect(verdict).toBe('none');
  expect(shares?.network_ms).toBeGreaterThan(70);
  expect(shares?.application_ms).toBeGreaterThan(12);
  expect(shares?.application_ms).toBeLessThan(25);
  expect(shares?.proxy_ms).toBeGreaterThan(1);
});

it.each([
  ['application', { applicationMs: 50 }],
  ['application', { proxyMs: 50 }],
  ['network', { rttMs: 50 }],
  ['both', { rttMs: 50, applicationMs: 50 }],
] as const)('says %s of %j behind a proxy that times its origin', (expected, fault) => {
  expect(blameOf(fault)?.verdict).toBe(expected);
});
