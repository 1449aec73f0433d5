import { describe, expect, test } from 'vitest';
import { createFlowBook } from './udp-flow-book.ts';
import { flowVerdict, lossyFlows, type FlowVerdict } from './udp-flow-loss.ts';
import type { FlowCounts } from './udp-ledger.ts';
import { createPace, shuffled } from './udp-pace.ts';

const flow = (sent: number, lost: number, forwardLost = 0, returnLost = 0): FlowCounts => ({
  sent,
  lost,
  forwardLost,
  returnLost,
});
const many = (count: number, one: FlowCounts) => Array.from({ length: count }, () => one);

describe('lossy flows', () => {
  test.each<[string, FlowCounts[], number]>([
    ['none where nothing is lost', many(16, flow(100, 0)), 0],
    ['none where all lose alike', many(16, flow(100, 10)), 0],
    ['none of one that has lost two', [flow(100, 2), ...many(15, flow(100, 0))], 0],
    ['a quarter of them', [...many(4, flow(100, 30)), ...many(12, flow(100, 0))], 4],
    ['three quarters of them', [...many(12, flow(100, 30)), ...many(4, flow(100, 0))], 12],
    ['the worse ones where all lose', [...many(4, flow(500, 150)), ...many(12, flow(500, 5))], 4],
    ['one that carries nothing any more', [flow(40, 40), ...many(15, flow(40, 0))], 1],
  ])('are %s', (_, flows, expected) => {
    const { at, confidence } = lossyFlows(flows);
    expect(at).toEqual(Array.from({ length: expected }, (__, n) => n));
    if (expected > 0) expect(confidence).toBeGreaterThan(0.999);
  });
});

describe('what the flows say', () => {
  const few = many(16, flow(2, 0));

  test('names share, loss and way of the lossy ones, over the shortest window that shows them', () => {
    const bad = [...many(4, flow(100, 30, 28, 2)), ...many(12, flow(100, 0))];
    const windows = [
      { overMs: 60_000, flows: few },
      { overMs: 300_000, flows: bad },
    ];
    expect(flowVerdict(windows)).toMatchObject({
      count: 16,
      lossy: 4,
      loss_ratio: 0.3,
      direction: 'forward',
      over_ms: 300_000,
    });
  });

  test('takes back what the last minute contradicts', () => {
    const bad = [...many(4, flow(100, 30)), ...many(12, flow(100, 0))];
    const windows = [
      { overMs: 60_000, flows: many(16, flow(15, 0)) },
      { overMs: 300_000, flows: bad },
    ];
    expect(flowVerdict(windows)).toEqual({ count: 16, lossy: 0, over_ms: 300_000 });
  });

  test('is nothing before anything was sent', () => {
    expect(flowVerdict([{ overMs: 1, flows: many(16, flow(0, 0)) }])).toBeUndefined();
  });
});

/** mulberry32: a small random generator with a seed, so that every run sees the same networks. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Sixteen flows over four paths, at the real pace and with the real statistics: every verdict of a quarter of an hour. */
function quarterOfAnHour(
  seed: number,
  lossOfPath: readonly number[],
): { onLossy: number; verdicts: FlowVerdict[] } {
  const random = seeded(seed);
  const lossOf = Array.from({ length: 16 }, () => lossOfPath[Math.floor(random() * lossOfPath.length)] ?? 0);
  const book = createFlowBook(16, 0);
  const pace = createPace();
  const verdicts: FlowVerdict[] = [];
  let order: number[] = [];
  let lookAtMs = 5000;
  for (let atMs = 0; atMs < 900_000; atMs += pace.gapMs(atMs, random())) {
    if (order.length === 0) order = shuffled(16, random);
    const one = order.pop() as number;
    const lost = random() < (lossOf[one] ?? 0);
    book.count(one, { sent: 1, lost: lost ? 1 : 0 }, atMs);
    if (lost) pace.lost(atMs);
    if (atMs < lookAtMs) continue;
    lookAtMs += 5000;
    const verdict = book.verdict(atMs);
    if (verdict !== undefined) verdicts.push(verdict);
  }
  const worst = Math.max(...lossOfPath);
  return { onLossy: lossOf.filter((loss) => loss === worst).length, verdicts };
}

/** In how many of the networks a verdict within `looks` of five seconds names flows, and in how many ever too many. */
function outcomes(
  networks: number,
  looks: number,
  lossOfPath: readonly number[],
): { seen: number; wrong: number } {
  const runs = Array.from({ length: networks }, (_, seed) => quarterOfAnHour(seed, lossOfPath));
  const isUneven = new Set(lossOfPath).size > 1;
  return {
    seen: runs.filter(({ verdicts }) => verdicts.slice(0, looks).some(({ lossy }) => lossy > 0)).length,
    wrong: runs.filter(({ onLossy, verdicts }) =>
      verdicts.some(({ lossy }) => lossy > (isUneven ? onLossy : 0)),
    ).length,
  };
}

describe('over many networks of four equal-cost paths', () => {
  test('30 % on one of them is seen within two cycles', () => {
    const { seen, wrong } = outcomes(40, 12, [0.3, 0, 0, 0]);
    expect(seen).toBeGreaterThanOrEqual(39);
    expect(wrong).toBeLessThanOrEqual(1);
  });

  test('2 % on one of them is seen within a quarter of an hour', () => {
    const { seen, wrong } = outcomes(40, 180, [0.02, 0, 0, 0]);
    expect(seen).toBeGreaterThanOrEqual(38);
    expect(wrong).toBeLessThanOrEqual(1);
  });

  test.each([0.001, 0.02, 0.2])('loss of %f on all of them is not called uneven', (loss) => {
    expect(outcomes(20, 180, [loss]).seen).toBe(0);
  });
});
