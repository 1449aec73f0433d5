import { fileURLToPath } from 'node:url';
import type { PathAnswer } from '@netring/contract/path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freshAttempts } from '../lab/accuracy.ts';
import { describeLab } from '../lab/describe-lab.ts';
import { startLabRing, viewToken, type LabRing } from '../ring/lab-ring.ts';
import { patienceMs, until } from '../ring/until.ts';
import { everyMtrHop } from './mtr.ts';
import { askTrace, operatorToken, traceOfTask } from './operate.ts';

const program = fileURLToPath(new URL('../../cli/dist/main.js', import.meta.url));

describeLab(
  'traces of a ring',
  () => {
    let ring: LabRing;
    beforeAll(async () => {
      ring = await startLabRing({ registry: { NETRING_OPERATOR_TOKEN: operatorToken } });
      await ring.whole();
    });
    afterAll(() => ring?.close());

    const pathOf = async (source: string, target: string) =>
      JSON.parse(await ring.reader.text(`/api/paths/${source}-a/${target}-a`)) as PathAnswer;

    it('every path has a route soon after the start, with the hops that mtr finds', async () => {
      const { value } = await until(
        'routes both ways',
        2 * patienceMs,
        async () => {
          const answer = await pathOf('us1', 'ap1');
          const { forward, back } = answer.traces;
          if (forward.latest === undefined || back.latest === undefined) return undefined;
          if (Math.abs((forward.latest.worst_step?.added_ms ?? NaN) - 90) < 2) return answer;
          // A busy machine spoilt it, or disturbed one step: another one.
          await askTrace(ring.reader.url, { source: 'us1-a', target: 'ap1-a' });
          return undefined;
        },
        ring.logs,
      );
      const { latest, last_good } = value.traces.forward;
      const hops = await everyMtrHop(ring.lab.location('us1'), ring.lab.location('ap1').address);
      expect(latest?.hops.map(({ answers }) => answers[0]?.ip)).toEqual(hops);
      expect(latest).toMatchObject({ source: 'us1-a', target: 'ap1-a', reached: true, outcome: 'ok' });
      expect(last_good?.id).toBe(latest?.id);
      expect(value.path.route).toMatchObject({ hops: 3, reached: true, worst_step: { ttl: 2 } });
      await until('the location path tells it too', patienceMs, async () => {
        const { location_paths } = await ring.reader.overview();
        return location_paths.find((one) => one.source === 'us1' && one.target === 'ap1')?.route?.hops === 3;
      });
    });

    it('a trace is made when it is asked for, by who may ask', async () => {
      const refused = await askTrace(ring.reader.url, { source: 'us1-a', target: 'eu1-a' }, viewToken);
      expect(refused.status).toBe(401);
      const asked = await askTrace(ring.reader.url, { source: 'us1-a', target: 'eu1-a' });
      expect(asked.status).toBe(200);
      const { value: done } = await until('it is done', patienceMs, async () => {
        const answer = await traceOfTask(ring.reader.url, asked.task, 5);
        return answer.state === 'done' && answer;
      });
      expect(done).toMatchObject({ trace: { task: asked.task, cause: 'asked' } });
      const unknown = await askTrace(ring.reader.url, { source: 'us1-a', target: 'nobody' });
      expect(unknown.status).toBe(404);
    });

    it('the command line shows a path both ways, and has it traced', freshAttempts, async () => {
      const netring = (...args: string[]) =>
        ring.lab.location('us1').exec(process.execPath, [program, ...args], {
          env: { NETRING_VIEW_TOKEN: viewToken, NETRING_OPERATOR_TOKEN: operatorToken },
        });
      const shown = await netring('path', 'us1', 'eu1');
      expect([shown.code, shown.stderr]).toEqual([0, '']);
      expect(shown.stdout).toMatch(/us1 \(us1-a\) → eu1 \(eu1-a\): \w+/);
      expect(shown.stdout).toMatch(/eu1 \(eu1-a\) → us1 \(us1-a\): \w+/);
      expect(shown.stdout).toMatch(/^2 .* worst step$/m);
      const traced = await netring('trace', 'us1-a', 'eu1');
      expect([traced.code, traced.stderr]).toEqual([
        0,
        expect.stringContaining('us1-a is asked to trace eu1-a'),
      ]);
      expect(traced.stdout).toContain('reached in 3 hops');
      const nowhere = await netring('path', 'us1', 'mars');
      expect([nowhere.code, nowhere.stderr]).toEqual([1, expect.stringContaining('ap1, eu1, us1')]);
    });

    it('a path that is cut is traced from both ends at once, beside its last good trace', async () => {
      await until('good routes both ways', patienceMs, async () => {
        const { forward, back } = (await pathOf('eu1', 'ap1')).traces;
        return forward.last_good !== undefined && back.last_good !== undefined;
      });
      await ring.lab.link('eu1', 'ap1').set({ cut: true });
      const { value } = await until(
        'both ends have traced',
        2 * patienceMs,
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
    });

    it('a member tells Prometheus its hops and its worst step', async () => {
      const text = await (await ring.memberReader('us1')).text('/metrics');
      const line = (name: string) =>
        text.split('\n').find((one) => one.startsWith(`${name}{`) && one.includes('target_location="ap1"'));
      expect(line('netring_traceroute_hops_total')).toMatch(/ 3$/);
      expect(Number(line('netring_traceroute_max_hop_latency_ms')?.split(' ').at(-1))).toBeCloseTo(90, -1);
      expect(line('netring_traceroute_worst_step_info')).toMatch(/hop="2",hop_ip="10\.255\.0\.\d+"} 1$/);
    });
  },
  { needs: 'mtr' },
);
