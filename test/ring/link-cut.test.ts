import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { freshAttempts } from '../lab/accuracy.ts';
import { describeLab } from '../lab/describe-lab.ts';
import { allPaths, startLabRing, type LabRing } from './lab-ring.ts';
import { watchRing, type Watch } from './watch.ts';
import { patienceMs, until } from './until.ts';

const cutLinks = [
  ['eu1', 'ap1'],
  ['us1', 'eu1'],
] as const;
/** Red, and green again, at default settings. */
const boundMs = 15_000;

describeLab('a link that is cut, at default settings', () => {
  let ring: LabRing;
  let watch: Watch;
  beforeAll(async () => {
    ring = await startLabRing();
  });
  beforeEach(async () => {
    await ring.whole();
    watch = await watchRing(ring.reader);
  });
  afterEach(async () => {
    watch?.stop();
    for (const [a, b] of cutLinks) await ring.lab.link(a, b).heal();
  });
  afterAll(() => ring?.close());

  const become = async (paths: string[], state: string) => {
    const { tookMs } = await until(
      `${paths.join(', ')} ${state}`,
      patienceMs,
      async () => {
        const states = await ring.reader.states();
        return paths.every((path) => states[path] === state);
      },
      () => watch.told(),
    );
    return Math.round(tookMs);
  };

  it(
    'between two sites without the registry: both directions down within 15 s, ok within 15 s of healing, and nothing else',
    freshAttempts,
    async () => {
      const cut = ['eu1>ap1', 'ap1>eu1'];
      await ring.lab.link('eu1', 'ap1').set({ cut: true });
      const downMs = await become(cut, 'down');
      await ring.lab.link('eu1', 'ap1').heal();
      const upMs = await become(cut, 'ok');
      console.log(`eu1–ap1: down after ${downMs} ms, ok ${upMs} ms after healing`);
      expect([downMs < boundMs, upMs < boundMs], watch.told()).toEqual([true, true]);
      const others = allPaths.filter((path) => !cut.includes(path));
      for (const path of others) expect([path, ...watch.statesOf(path)]).toEqual([path, 'ok']);
      for (const id of ['us1-a', 'eu1-a', 'ap1-a'])
        expect([id, ...watch.statusesOf(id)]).toEqual([id, 'online']);
    },
  );

  it(
    "to the registry's own site: down within 15 s, both directions ok within 15 s of healing, and nobody offline",
    freshAttempts,
    async () => {
      await ring.lab.link('us1', 'eu1').set({ cut: true });
      const downMs = await become(['us1>eu1'], 'down');
      // Until eu1 must have seen it as well, which can tell nobody meanwhile: a round and two tries of 2 s.
      await wait(Math.max(0, 11_000 - downMs));
      await ring.lab.link('us1', 'eu1').heal();
      const healedAtMs = (await ring.reader.overview()).now_ms;
      const upMs = await become(['us1>eu1', 'eu1>us1'], 'ok');
      const { tookMs } = await until('eu1 is heard again', patienceMs, async () => {
        const { location_paths } = await ring.reader.overview();
        const back = location_paths.find(({ source, target }) => source === 'eu1' && target === 'us1');
        return (back?.at_ms ?? 0) > healedAtMs;
      });
      console.log(`us1–eu1: down after ${downMs} ms, ok ${upMs} ms after healing`);
      expect([downMs < boundMs, upMs + tookMs < boundMs], watch.told()).toEqual([true, true]);
      for (const path of ['us1>ap1', 'ap1>us1'])
        expect([path, ...watch.statesOf(path)]).toEqual([path, 'ok']);
      for (const id of ['us1-a', 'ap1-a']) expect([id, ...watch.statusesOf(id)]).toEqual([id, 'online']);
      expect(watch.statusesOf('eu1-a')).not.toContain('offline');
    },
  );
});
