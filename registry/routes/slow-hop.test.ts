import type { Hop, KeptTrace } from '@netring/contract/trace';
import { describe, expect, it } from 'vitest';
import { grownStep, slowHop } from './slow-hop.ts';

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

describe('the step that grew', () => {
  const traced = (reached: boolean, ...added: number[]): KeptTrace => {
    let sum = 0;
    const hops = added.map((ms, at) => {
      sum += ms;
      const one = hop(at + 1, ms);
      return { ...one, answers: one.answers.map((answer) => ({ ...answer, median_ms: sum })) };
    });
    const ends = { source: 'a', target: 'b', outcome: 'ok', cause: 'schedule', protocol: 'icmp' } as const;
    return { id: 'x', ...ends, at_ms: 1, duration_ms: 1, reached, hops };
  };
  const well = traced(true, 1, 80, 2);

  it('is the one that adds more than when the path was well', () => {
    expect(grownStep(traced(true, 1, 80, 62), well)).toEqual({ ttl: 3, ip: '10.0.0.3', added_ms: 60 });
  });
  it.for([
    ['the path takes no longer', traced(true, 1, 82, 3)],
    ['no step explains half of it', traced(true, 11, 90, 12)],
    ['the target was not reached', traced(false, 1, 80, 62)],
  ] as [string, KeptTrace][])('is none where %s', ([, now]) => {
    expect(grownStep(now, well)).toBeUndefined();
  });
});
