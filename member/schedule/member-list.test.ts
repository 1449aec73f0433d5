import { describe, expect, it } from 'vitest';
import { askDelayMs, isGood, listReceived, noMemberList, versionHeard } from './member-list.ts';

const hour = 3_600_000;
const received = listReceived({ version: 'v1', epoch: 1, members: [] }, 1000);

describe('the member list', () => {
  it.each([
    ['never received', noMemberList, 0, false],
    ['just received', received, 1000, true],
    ['an hour old', received, 1000 + hour, true],
    ['older', received, 1001 + hour, false],
    ['confirmed since', versionHeard(received, { version: 'v1', epoch: 1 }, 5000), 5000 + hour, true],
    [
      'replaced since, and not asked for yet',
      versionHeard(received, { version: 'v2', epoch: 1 }, 5000),
      5000 + hour,
      false,
    ],
  ])('is good or not: %s', (_, list, nowMs, good) => {
    expect(isGood(list, nowMs)).toBe(good);
  });

  it('knows what is to be probed first, until it is told otherwise', () => {
    const heaviest = [{ source: 'us1', target: 'eu1' }];
    expect(listReceived({ version: 'v1', epoch: 1, members: [], heaviest }, 0).heaviest).toEqual(heaviest);
    expect(received.heaviest).toEqual([]);
  });

  it('follows the epoch without being asked for anew', () => {
    expect(versionHeard(received, { version: 'v1', epoch: 7 }, 2000)).toMatchObject({
      version: 'v1',
      epoch: 7,
    });
    expect(versionHeard(received, { version: 'v2', epoch: 7 }, 2000).epoch).toBe(1);
  });

  it.each([
    [3, 1, 65],
    [3, 0, 0],
    [1000, 1, 5000],
    [100_000, 1, 5000],
  ])('is asked for by %d members within some time (chance %d: %d ms)', (members, random, ms) => {
    expect(askDelayMs(members, random)).toBe(ms);
  });
});
