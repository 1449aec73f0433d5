import type { PathAnswer } from '@netring/contract/path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeLab } from '../lab/describe-lab.ts';
import { startLabRing, viewToken, type LabRing } from '../ring/lab-ring.ts';
import { until } from '../ring/until.ts';
import { mtrHops } from './mtr.ts';
import { askTrace, operatorToken, traceOfTask } from './operate.ts';

describeLab(
  'traces of a ring',
  () => {
    let ring: LabRing;
    beforeAll(async () => {
      ring = await startLabRing({ registry: { NETRING_OPERATOR_TOKEN: operatorToken } });
      await ring.whole(30_000);
    }, 120_000);
    afterAll(() => ring?.close());

    const pathOf = async (source: string, target: string) =>
      JSON.parse(await ring.reader.text(`/api/paths/${source}-a/${target}-a`)) as PathAnswer;

    it('every path has a route soon after the start, with the hops that mtr finds', async () => {
      const { value } = await until(
        'routes both ways',
        30_000,
        async () => {
          const answer = await pathOf('us1', 'ap1');
          return answer.traces.forward.latest && answer.traces.back.latest ? answer : undefined;
        },
        ring.logs,
      );
      const { latest, last_good } = value.traces.forward;
      const hops = await mtrHops(ring.lab.location('us1'), ring.lab.location('ap1').address);
      expect(latest?.hops.map(({ answers }) => answers[0]?.ip)).toEqual(hops);
      expect(latest).toMatchObject({ source: 'us1-a', target: 'ap1-a', reached: true, outcome: 'ok' });
      expect(last_good?.id).toBe(latest?.id);
      expect(latest?.worst_step?.added_ms).toBeGreaterThan(88);
      expect(latest?.worst_step?.added_ms).toBeLessThan(92);
      expect(value.path.route).toMatchObject({ hops: 3, reached: true, worst_step: { ttl: 2 } });
      await until('the location path tells it too', 10_000, async () => {
        const { location_paths } = await ring.reader.overview();
        return location_paths.find((one) => one.source === 'us1' && one.target === 'ap1')?.route?.hops === 3;
      });
    }, 60_000);

    it('a trace is made when it is asked for, by who may ask', async () => {
      const refused = await askTrace(ring.reader.url, { source: 'us1-a', target: 'eu1-a' }, viewToken);
      expect(refused.status).toBe(401);
      const asked = await askTrace(ring.reader.url, { source: 'us1-a', target: 'eu1-a' });
      expect(asked.status).toBe(200);
      const done = await traceOfTask(ring.reader.url, asked.task, 20);
      expect(done).toMatchObject({
        state: 'done',
        trace: { task: asked.task, cause: 'asked', reached: true },
      });
      const unknown = await askTrace(ring.reader.url, { source: 'us1-a', target: 'nobody' });
      expect(unknown.status).toBe(404);
    }, 60_000);

    it('a path that is cut is traced from both ends at once, beside its last good trace', async () => {
      await ring.lab.link('eu1', 'ap1').set({ cut: true });
      const { value } = await until(
        'both ends have traced',
        25_000,
        async () => {
          const answer = await pathOf('eu1', 'ap1');
          const { forward, back } = answer.traces;
          return forward.latest?.reached === false && back.latest?.reached === false ? answer : undefined;
        },
        ring.logs,
      );
      for (const { latest, last_good } of [value.traces.forward, value.traces.back]) {
        expect(latest?.outcome).not.toBe('ok');
        expect(last_good).toMatchObject({ reached: true, hops: [{}, {}, {}] });
      }
      expect(value.route_changes).toEqual([]);
      await ring.lab.link('eu1', 'ap1').heal();
    }, 60_000);

    it('a member tells Prometheus its hops and its worst step', async () => {
      const text = await (await ring.memberReader('us1')).text('/metrics');
      const line = (name: string) =>
        text.split('\n').find((one) => one.startsWith(`${name}{`) && one.includes('target_location="ap1"'));
      expect(line('netring_traceroute_hops_total')).toMatch(/ 3$/);
      expect(Number(line('netring_traceroute_max_hop_latency_ms')?.split(' ').at(-1))).toBeCloseTo(90, -1);
      expect(line('netring_traceroute_worst_step_info')).toMatch(/hop="2",hop_ip="10\.255\.0\.\d+"} 1$/);
    }, 20_000);
  },
  { needs: 'mtr' },
);
