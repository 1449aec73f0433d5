import type { Trace } from '@netring/contract/trace';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freshAttempts } from '../lab/accuracy.ts';
import { describeLab } from '../lab/describe-lab.ts';
import { startLab, type Lab } from '../lab/index.ts';
import type { NetworkFile } from '../lab/network.ts';
import { everyMtrHop } from './mtr.ts';
import { tracesFrom } from './traces-in-lab.ts';

const chain = ['us1', 'r1', 'r2', 'r3', 'r4', 'r5', 'eu1'];
const pairs = chain.slice(1).map((name, at) => [chain[at] as string, name] as [string, string]);

/** Eight hops with the kernel's own limit of ICMP errors; r2 has a second, slow line to r1 that no route uses. */
const network: NetworkFile = {
  locations: ['us1', 'eu1'],
  routers: ['r1', 'r2', 'r3', 'r4', 'r5'],
  links: [
    ...pairs.map((between) => ({ between, name: 'fast', rtt_ms: 2 })),
    { between: ['r1', 'r2'], name: 'slow', rtt_ms: 300, cost: 100 },
  ],
};
/** The sixth link's ends come after twelve others. */
const r1OnSlowLine = '10.255.0.12';
/** Traces that a router's limit of one error a second, after six at once, does not touch. */
const calm = { times: 2, pauseMs: 5000 };

describeLab(
  'the worst step of eight hops',
  () => {
    let lab: Lab;
    let late: Promise<void> | undefined;
    beforeAll(async () => {
      lab = await startLab(network);
    });
    afterAll(() => lab?.close());

    const traces = () => tracesFrom(lab.location('us1'), { host: lab.location('eu1').address, ...calm });
    const highest = (all: readonly Trace[]) => Math.max(...all.map((one) => one.worst_step?.added_ms ?? 0));

    it('is no high one on a clean path with the default icmp_ratelimit', freshAttempts, async () => {
      const hops = await everyMtrHop(lab.location('us1'), lab.location('eu1').address);
      const all = await traces();
      expect(hops).toHaveLength(8);
      for (const { reached, hops: found } of all) {
        expect(reached).toBe(true);
        expect(found.map(({ answers }) => answers[0]?.ip)).toEqual(hops);
      }
      expect(highest(all)).toBeLessThan(10);
    });

    it('is hop 5 with 80 ms, where 80 ms are added there', freshAttempts, async () => {
      await lab.link('r3', 'r4').set({ delayMs: 40 });
      for (const { worst_step } of await traces()) {
        expect(worst_step?.ttl).toBe(5);
        expect(Math.abs((worst_step?.added_ms ?? 0) - 80)).toBeLessThanOrEqual(2);
      }
    });

    it('is still hop 5, where another router answers 150 ms late', freshAttempts, async () => {
      await (late ??= answerLate(lab));
      const all = await traces();
      for (const { hops, worst_step } of all) {
        expect(hops[2]?.answers[0]?.min_ms).toBeGreaterThan(150);
        expect(worst_step?.ttl).toBe(5);
        expect(Math.abs((worst_step?.added_ms ?? 0) - 80)).toBeLessThanOrEqual(2);
      }
    });

    it(
      'is no high one where a router answers late, or where 160 ms come from all steps together',
      freshAttempts,
      async () => {
        for (const [a, b] of pairs) await lab.link(a, b, 'fast').heal();
        const one = await traces();
        for (const { hops } of one) expect(hops[2]?.answers[0]?.min_ms).toBeGreaterThan(150);
        expect(highest(one)).toBeLessThan(10);
        for (const [a, b] of pairs) await lab.link(a, b, 'fast').set({ delayMs: 13.5 });
        const long = await traces();
        for (const { hops } of long) expect(hops.at(-1)?.answers[0]?.min_ms).toBeGreaterThan(160);
        expect(highest(long)).toBeLessThan(60);
      },
    );
  },
  { needs: 'mtr' },
);

/** What r2 says itself takes the slow line; what it forwards does not. */
async function answerLate(lab: Lab): Promise<void> {
  for (const args of [
    ['route', 'add', 'default', 'via', r1OnSlowLine, 'table', '100'],
    ['rule', 'add', 'iif', 'lo', 'lookup', '100'],
  ]) {
    const { code, stderr } = await lab.router('r2').exec('ip', args);
    expect([code, stderr]).toEqual([0, '']);
  }
}
