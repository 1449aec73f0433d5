import type { Hop } from '@netring/contract/trace';
import { describe, expect, it } from 'vitest';
import { lossyHop, slowHop } from './fault-hop.ts';

const hop = (ttl: number, added_ms?: number): Hop => ({
  ttl,
  sent: 3,
  answers: [{ ip: `10.0.0.${ttl}`, received: 3, min_ms: 1, median_ms: 1, max_ms: 1 }],
  ...(added_ms === undefined ? {} : { added_ms }),
});

describe('the hop that is slow', () => {
  it('is the one that adds most beyond the usual, not the one that always adds most', () => {
    const usual = [hop(1, 1), hop(2, 80), hop(3, 2)];
    expect(slowHop([hop(1, 1), hop(2, 80), hop(3, 30)], usual, 28)).toEqual({
      ttl: 3,
      ip: '10.0.0.3',
      addedMs: 28,
    });
  });
  it('is nobody where no step explains half of it', () => {
    expect(slowHop([hop(1, 5), hop(2, 5), hop(3, 5)], [hop(1, 1), hop(2, 1), hop(3, 1)], 20)).toBeUndefined();
  });
  it('is not a middle hop that answers late alone: it adds nothing that persists', () => {
    expect(slowHop([hop(1, 1), hop(2), hop(3, 1)], undefined, 50)).toBeUndefined();
  });
});

describe('the hop that loses', () => {
  const replies = (...received: number[]) =>
    received.map((count, at) => ({ ttl: at + 1, ip: `10.0.0.${at + 1}`, sent: 120, received: count }));
  it('is the first from which on everybody loses', () => {
    expect(lossyHop(replies(120, 119, 108, 109, 107))?.ttl).toBe(3);
  });
  it('is nobody where a middle hop limits its answers', () => {
    expect(lossyHop(replies(120, 30, 120, 120))).toBeUndefined();
  });
  it('is not told from few replies', () => {
    const few = replies(120, 108, 108).map((one) => ({ ...one, sent: 40, received: 36 }));
    expect(lossyHop(few)).toBeUndefined();
  });
});
