import { describe, expect, it } from 'vitest';
import { lossyHop } from './fault-hop.ts';

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
