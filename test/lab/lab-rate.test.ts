import { afterAll, beforeAll, expect, it } from 'vitest';
import { freshAttempts } from './accuracy.ts';
import { describeLab } from './describe-lab.ts';
import { networkPath, startLab, type Host, type Lab } from './index.ts';

type Report = { end: { sum_received: { bits_per_second: number } } };

/** Megabits a second that arrive over TCP, slow start left out. */
async function goodput(from: Host, to: Host, streams: number): Promise<number> {
  const server = await to.spawn('iperf3', ['-s', '-1', '--forceflush']);
  await new Promise((resolve) => server.stdout?.once('data', resolve));
  const options = ['-4', '-J', '-t', '2', '-O', '1', '-P', String(streams)];
  const { stdout } = await from.exec('iperf3', ['-c', to.address, ...options]);
  await server.exited;
  return (JSON.parse(stdout) as Report).end.sum_received.bits_per_second / 1e6;
}

describeLab(
  'the rate of a link',
  () => {
    let lab: Lab;
    beforeAll(async () => {
      lab = await startLab(networkPath('three-sites'));
    });
    afterAll(() => lab?.close());

    it.each([
      [5, 1],
      [200, 4],
    ])('%d Mbit/s are carried within a tenth, over %d streams', async (rateMbit, streams) => {
      await lab.link('us1', 'eu1').set({ rateMbit });
      let most = 0;
      // The forwarder is a process: a busy machine makes a link slower than its rate, and nothing makes it faster. The best
      // of up to three is the link's own.
      for (let attempt = 0; attempt < 3 && most <= rateMbit * 0.9; attempt++) {
        const measured = await goodput(lab.location('us1'), lab.location('eu1'), streams);
        expect(measured).toBeLessThan(rateMbit * 1.02);
        most = Math.max(most, measured);
      }
      expect(most).toBeGreaterThan(rateMbit * 0.9);
    });

    it('one direction may be slow and the other fast', freshAttempts, async () => {
      await lab.link('us1', 'eu1').heal();
      await lab.link('us1', 'eu1').towards('us1').set({ rateMbit: 10 });
      const [us1, eu1] = [lab.location('us1'), lab.location('eu1')];
      expect(await goodput(us1, eu1, 2)).toBeGreaterThan(100);
      expect(await goodput(eu1, us1, 2)).toBeLessThan(10.2);
    });

    it('a queue that is full drops the packets at its end, and counts them', freshAttempts, async () => {
      await lab.link('us1', 'eu1').set({ rateMbit: 1, queueBytes: 5_000 });
      const towards = lab.link('us1', 'eu1').towards('eu1');
      const before = await towards.counters();
      const args = ['-4', '-c', '40', '-f', '-l', '40', '-s', '1000', '-W', '0.5', 'eu1'];
      await lab.location('us1').exec('ping', args);
      const after = await towards.counters();
      expect(after.packets - before.packets).toBeLessThan(12); // 4 fit into the queue, few more leave meanwhile
      expect(after.overflowed - before.overflowed).toBeGreaterThan(28);
    });
  },
  { needs: 'iperf3' },
);
