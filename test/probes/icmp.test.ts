import { afterAll, beforeAll, expect, it } from 'vitest';
import { freshAttempts } from '../lab/accuracy.ts';
import { describeLab } from '../lab/describe-lab.ts';
import { networkPath, startLab, type Lab } from '../lab/index.ts';
import { patienceMs, until } from '../ring/until.ts';
import { buildNetring } from '../start/built-netring.ts';
import { program, sourceFlags, startLabProber, targetAt } from './lab-prober.ts';

/** An address of eu1's network that nobody has. */
const deadAddress = '10.2.0.99';

describeLab('icmp', () => {
  let lab: Lab;
  beforeAll(async () => {
    await buildNetring();
    lab = await startLab(networkPath('three-sites'));
  });
  afterAll(() => lab?.close());

  it(
    'finds a dead address dead 8 of 8 times, beside another pinger with its id and sequences',
    freshAttempts,
    async () => {
      const us1 = lab.location('us1');
      const ping = async (address: string) => {
        const order = JSON.stringify({ address, id: 1 });
        const { stdout, stderr } = await us1.exec(process.execPath, [
          ...sourceFlags(),
          program('same-id'),
          order,
        ]);
        expect(stderr).toBe('');
        return JSON.parse(stdout) as unknown;
      };
      const [dead, live] = await Promise.all([ping(deadAddress), ping(lab.location('eu1').address)]);
      expect(dead).toEqual({ id: 1, alive: 0 });
      expect(live).toEqual({ id: 1, alive: 8 });
    },
  );

  it(
    'tells the round trip of a path, and that nobody is there after a second train',
    freshAttempts,
    async () => {
      const eu1 = lab.location('eu1');
      const named = (name: string, address: string) => targetAt('icmp', { name, address });
      const others = [named('over IPv6', eu1.address6), named('dead', deadAddress)];
      const prober = await startLabProber(lab.location('us1'), [targetAt('icmp', eu1), ...others]);
      // The first trains may be void or late where the machine is busy.
      const calm = (name: string) =>
        prober.found.find(({ key, result, sent, latencies }) => {
          if (key !== `icmp ${name}`) return false;
          return name === 'dead' ? result.confirmed === true : sent === 3 && latencies?.length === 3;
        });
      const { value } = await until('all are found', patienceMs, () => {
        const all = ['eu1', 'over IPv6', 'dead'].map(calm);
        return Promise.resolve(all.every((one) => one !== undefined) && all);
      });
      prober.stop();
      const [four, overSix, dead] = value;
      expect(four).toMatchObject({ result: { outcome: 'ok', sent: 3, received: 3 }, sent: 3, lost: 0 });
      expect(four?.latencies).toHaveLength(3);
      expect(overSix).toMatchObject({ result: { outcome: 'ok', received: 3 } });
      expect(dead).toMatchObject({
        result: { outcome: 'timeout', confirmed: true, received: 0 },
        sent: 6,
        lost: 6,
      });
    },
  );
});
