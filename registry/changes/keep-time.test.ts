import { createLogger } from '@netring/service/log';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStore, type Store } from '../store/index.ts';
import { createStoreClock } from './clock.ts';
import { noteListening } from './deaf-spans.ts';
import { createTimekeeper } from './keep-time.ts';

const log = createLogger('registry', 'error');
const hourMs = 3_600_000;

let store: Store;
beforeEach(async () => {
  store = await openStore({ kind: 'embedded', folder: undefined });
});
afterEach(() => store.close());

test.each([
  ['goes on from what was told before a restart, when the clock was put back since', hourMs, hourMs],
  ['goes by the store when nothing was told ahead of it', -hourMs, 0],
  ['goes by the store when what was told was days ahead', 48 * hourMs, 0],
])('a registry %s', async (_, toldAheadMs, aheadMs) => {
  await noteListening(store, Date.now() + toldAheadMs);
  const clock = createStoreClock();
  const keepTime = createTimekeeper(store, clock, log);
  await keepTime();
  await keepTime();
  expect(Math.abs(clock.nowMs() - Date.now() - aheadMs)).toBeLessThan(10 * 60_000);
});
