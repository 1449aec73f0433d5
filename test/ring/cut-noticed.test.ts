import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeLab } from '../lab/describe-lab.ts';
import { startLabRing, type LabRing } from './lab-ring.ts';
import { until } from './until.ts';

/** With room for a slow machine; UDP is silent for a second, its silence is weighed for another. */
const bounds = { noticedMs: 6_000, downMs: 12_000, okMs: 6_000 };

describeLab('a cut, with ICMP and UDP', () => {
  let ring: LabRing;
  beforeAll(async () => {
    ring = await startLabRing();
    await ring.whole(30_000);
  }, 120_000);
  afterAll(() => ring?.close());

  it('is noticed by UDP before TCP has given up, and down when TCP and ICMP have failed, too', async () => {
    const path = 'us1>eu1';
    const become = async (
      hope: string,
      withinMs: number,
      isThere: (state: string | undefined) => boolean,
    ) => {
      const { tookMs } = await until(
        `${path} ${hope}`,
        withinMs,
        async () => isThere((await ring.reader.states())[path]),
        ring.logs,
      );
      return Math.round(tookMs);
    };
    const link = ring.lab.link('us1', 'eu1');
    const rounds: { noticedMs: number; downMs: number; okMs: number }[] = [];
    for (let round = 0; round < 3; round++) {
      await link.set({ cut: true });
      const startedMs = performance.now();
      await become('no longer ok', bounds.noticedMs, (state) => state !== 'ok');
      const noticedMs = Math.round(performance.now() - startedMs);
      await become('down', bounds.downMs, (state) => state === 'down');
      const downMs = Math.round(performance.now() - startedMs);
      await link.heal();
      rounds.push({ noticedMs, downMs, okMs: await become('ok', bounds.okMs, (state) => state === 'ok') });
    }
    console.log(`noticed, down, ok again after ms: ${JSON.stringify(rounds)}`);
    const [path1] = (await ring.reader.memberPaths()).filter(({ source }) => source === 'us1-a');
    expect(path1?.checks.map(({ kind }) => kind)).toContain('udp');
    for (const { noticedMs, downMs } of rounds) expect(noticedMs).toBeLessThan(downMs);
  }, 90_000);
});
