import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeLab } from '../lab/describe-lab.ts';
import { startLabRing, type LabRing } from './lab-ring.ts';
import { patienceMs, until } from './until.ts';

/** A machine that stands still for seconds may let the first sign and the last be seen at once. */
const roundsAtMost = 3;

interface Round {
  noticedMs: number;
  downMs: number;
  okMs: number;
}

describeLab('a cut, with ICMP and UDP', () => {
  let ring: LabRing;
  beforeAll(async () => {
    ring = await startLabRing();
    await ring.whole();
  });
  afterAll(() => ring?.close());

  const become = async (hope: string, isThere: (state: string | undefined) => boolean) => {
    const path = 'us1>eu1';
    await until(
      `${path} ${hope}`,
      patienceMs,
      async () => isThere((await ring.reader.states())[path]),
      ring.logs,
    );
    return Math.round(performance.now());
  };

  const cutAndHeal = async (): Promise<Round> => {
    const link = ring.lab.link('us1', 'eu1');
    await link.set({ cut: true });
    const cutMs = performance.now();
    const noticedMs = Math.round((await become('no longer ok', (state) => state !== 'ok')) - cutMs);
    const downMs = Math.round((await become('down', (state) => state === 'down')) - cutMs);
    await link.heal();
    const healedMs = performance.now();
    const okMs = Math.round((await become('ok', (state) => state === 'ok')) - healedMs);
    return { noticedMs, downMs, okMs };
  };

  it('is noticed by UDP before TCP has given up, and down when TCP and ICMP have failed, too', async () => {
    const rounds: Round[] = [];
    const inSteps = () => rounds.some(({ noticedMs, downMs }) => noticedMs + 500 < downMs);
    while (!inSteps() && rounds.length < roundsAtMost) rounds.push(await cutAndHeal());
    console.log(`noticed, down, ok again after ms: ${JSON.stringify(rounds)}`);
    expect(inSteps()).toBe(true);
    await until('udp has its part in it', patienceMs, async () => {
      const paths = await ring.reader.memberPaths();
      const path = paths.find(({ source, target }) => source === 'us1-a' && target === 'eu1-a');
      return path?.checks.some(({ kind }) => kind === 'udp');
    });
  }, 600_000);
});
