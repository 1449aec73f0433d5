import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { repeating } from './repeating.ts';

/** Work whose every run ends only when it is told to. */
function heldWork() {
  const ends: (() => void)[] = [];
  let running = 0;
  let most = 0;
  return {
    work: async () => {
      most = Math.max(most, ++running);
      await new Promise<void>((resolve) => ends.push(resolve));
      running--;
      return 60_000;
    },
    /** How often it has begun. */
    times: () => ends.length,
    mostAtOnce: () => most,
    end: () => ends.at(-1)?.(),
  };
}

describe('repeated work', () => {
  it('is done again after the time it says, and brought forward when asked', async () => {
    let times = 0;
    const work = repeating(0, () => Promise.resolve(++times < 3 ? 5 : 60_000));
    await vi.waitFor(() => expect(times).toBe(3), 60_000);
    work.soon(0);
    await vi.waitFor(() => expect(times).toBe(4), 60_000);
    work.soon(60_000);
    work.stop();
    work.soon(0);
    // Timers come in their order: one that was still set would come before this.
    await wait(5);
    expect(times).toBe(4);
  });

  it('is never done twice at once, and not forgotten when asked for meanwhile', async () => {
    const held = heldWork();
    const work = repeating(0, held.work);
    await vi.waitFor(() => expect(held.times()).toBe(1), 60_000);
    work.soon(0);
    await wait(5);
    expect(held.times()).toBe(1);
    held.end();
    await vi.waitFor(() => expect(held.times()).toBe(2), 60_000);
    work.stop();
    held.end();
    await wait(5);
    expect([held.times(), held.mostAtOnce()]).toEqual([2, 1]);
  });
});
