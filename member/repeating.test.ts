import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { repeating } from './repeating.ts';

describe('repeated work', () => {
  it('is done again after the time it says, and brought forward when asked', async () => {
    let times = 0;
    const work = repeating(0, () => Promise.resolve(++times < 3 ? 5 : 60_000));
    await wait(150);
    expect(times).toBe(3);
    work.soon(0);
    await wait(50);
    expect(times).toBe(4);
    work.soon(60_000);
    work.stop();
    work.soon(0);
    await wait(30);
    expect(times).toBe(4);
  });

  it('is never done twice at once, and not forgotten when asked for meanwhile', async () => {
    let running = 0;
    let most = 0;
    let times = 0;
    const work = repeating(0, async () => {
      times++;
      most = Math.max(most, ++running);
      await wait(40);
      running--;
      return 60_000;
    });
    await wait(15);
    work.soon(0);
    await wait(120);
    work.stop();
    expect([times, most]).toEqual([2, 1]);
  });
});
