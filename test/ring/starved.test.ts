import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freshAttempts } from '../lab/accuracy.ts';
import { describeLab } from '../lab/describe-lab.ts';
import { allPaths, startLabRing, type LabRing } from './lab-ring.ts';
import { patienceMs, until } from './until.ts';
import { watchRing } from './watch.ts';

const ofStarved = (path: string) => path.includes('eu1');

describeLab('a member starved of CPU', () => {
  let ring: LabRing;
  beforeAll(async () => {
    ring = await startLabRing();
    await ring.whole();
  });
  afterAll(() => ring?.close());

  /** The agent and its probe process. */
  const processes = () => [ring.member('eu1').pid, ...ring.member('eu1').children()];
  const signal = (name: NodeJS.Signals) => processes().forEach((pid) => process.kill(pid, name));

  it(
    'by being stopped again and again: nobody is called down, neither by it nor by its peers',
    freshAttempts,
    async () => {
      await ring.whole();
      const watch = await watchRing(ring.reader);
      for (const stoppedMs of [500, 1_500, 3_000, 800, 4_000, 6_000]) {
        signal('SIGSTOP');
        await wait(stoppedMs);
        signal('SIGCONT');
        await wait(700);
      }
      for (const path of allPaths) expect([path, ...watch.statesOf(path)]).not.toContain('down');
      for (const path of allPaths.filter((one) => !ofStarved(one)))
        expect([path, ...watch.statesOf(path)]).toEqual([path, 'ok']);
      watch.stop();
    },
  );

  it('for as long as its peers notice: its path is up, and it is not answering', async () => {
    signal('SIGSTOP');
    try {
      const { value } = await until(
        'us1 says that eu1 does not answer',
        patienceMs,
        async () => {
          const paths = await ring.reader.memberPaths();
          const path = paths.find(({ source, target }) => source === 'us1-a' && target === 'eu1-a');
          return path?.answering === false && path;
        },
        () => ring.logs(),
      );
      expect(value.state).toBe('ok');
      expect(value.reasons.join('; ')).toMatch(/GET \/health|UDP echo/);
    } finally {
      signal('SIGCONT');
    }
    await ring.whole();
  });

  it('by four busy loops: nobody is called down', async () => {
    const watch = await watchRing(ring.reader);
    const eu1 = ring.lab.location('eu1');
    const loops = await Promise.all(
      Array.from({ length: 4 }, () => eu1.spawn('sh', ['-c', 'while :; do :; done'])),
    );
    await wait(10_000);
    for (const loop of loops) loop.kill('SIGKILL');
    for (const path of allPaths) expect([path, ...watch.statesOf(path)]).not.toContain('down');
    watch.stop();
  });
});
