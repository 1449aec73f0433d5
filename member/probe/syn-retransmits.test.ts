import { describe, expect, it } from 'vitest';
import { synRetransmits } from './syn-retransmits.ts';

describe('SYNs sent again', () => {
  it.each([
    // elapsed ms, doubling from the first, four waits of 1 s before doubling (Linux 6.5 and later)
    [0.2, 0, 0],
    [999, 0, 0],
    [1000, 1, 1],
    [1250, 1, 1],
    [2001, 1, 2],
    [3000, 2, 3],
    [5001, 2, 5],
    [7001, 3, 6],
    [15_000, 4, 7],
  ])('after %d ms', (elapsedMs, doubling, linear) => {
    expect(synRetransmits(elapsedMs, 0)).toBe(doubling);
    expect(synRetransmits(elapsedMs, 4)).toBe(linear);
  });
});
