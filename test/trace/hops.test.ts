import { afterAll, beforeAll, expect, it } from 'vitest';
import { freshAttempts } from '../lab/accuracy.ts';
import { describeLab } from '../lab/describe-lab.ts';
import { networkPath, startLab, type Lab } from '../lab/index.ts';
import { median } from '../ring/latency.ts';
import { everyMtrHop } from './mtr.ts';
import { tracesFrom } from './traces-in-lab.ts';

describeLab(
  'a trace of twelve hops and 90 ms',
  () => {
    let lab: Lab;
    beforeAll(async () => {
      lab = await startLab(networkPath('twelve-hops'));
    });
    afterAll(() => lab?.close());

    it(
      'finds the hops that mtr finds, the ocean as the worst step, and takes little more than a round trip',
      freshAttempts,
      async () => {
        const eu1 = lab.location('eu1');
        const traces = await tracesFrom(lab.location('us1'), { host: eu1.address, times: 3, pauseMs: 4000 });
        const hops = await everyMtrHop(lab.location('us1'), eu1.address);
        for (const trace of traces) {
          expect([trace.outcome, trace.reached]).toEqual(['ok', true]);
          expect(trace.hops.map(({ answers }) => answers[0]?.ip)).toEqual(hops);
          expect(trace.worst_step?.ttl).toBe(6);
          expect(trace.worst_step?.added_ms).toBeGreaterThan(58);
          expect(trace.worst_step?.added_ms).toBeLessThan(62);
        }
        expect(new Set(traces.map(({ path_id }) => path_id)).size).toBe(1);
        const tookMs = median(traces.map((trace) => trace.ended_ms - trace.started_ms));
        console.log(`12 hops, 90 ms: ${tookMs.toFixed(1)} ms`);
        expect(tookMs).toBeLessThan(1.2 * 90 + 50);
      },
    );

    it('finds the same over IPv6', freshAttempts, async () => {
      const [trace] = await tracesFrom(lab.location('us1'), { host: lab.location('eu1').address6 });
      const hops = await everyMtrHop(lab.location('us1'), lab.location('eu1').address6);
      expect(trace?.reached).toBe(true);
      expect(trace?.hops.map(({ answers }) => answers[0]?.ip)).toEqual(hops);
    });
  },
  { needs: 'mtr' },
);
