import { describe, expect, test } from 'vitest';
import { hopsOf, reachedTtl, type TraceProbe } from './traceroute-hops.ts';
import { withSteps, worstStepOf } from './traceroute-steps.ts';

/** The round trips of three probes a hop, at the distances 1, 2, …; `null` for a probe that nothing answered. */
type Rtts = (number | null)[][];

const target = '10.0.0.99';
const router = (ttl: number) => `10.0.0.${ttl}`;

function probesOf(rtts: Rtts): TraceProbe[] {
  return rtts.flatMap((list, at) =>
    list.map((rttMs): TraceProbe => {
      const isTarget = at === rtts.length - 1;
      const from = isTarget ? target : router(at + 1);
      if (rttMs === null) return { ttl: at + 1 };
      return { ttl: at + 1, answer: { from, rttMs, kind: isTarget ? 'end' : 'passed' } };
    }),
  );
}

function judge(rtts: Rtts) {
  const probes = probesOf(rtts);
  const hops = withSteps(hopsOf(probes, target), reachedTtl(probes, target) !== undefined);
  return { added: hops.map((hop) => hop.added_ms), worst: worstStepOf(hops) };
}

/** Round trips of a path whose steps add so much, with a little noise on the first probe of each hop. */
function path(...steps: number[]): Rtts {
  let sum = 0;
  return steps.map((added) => {
    sum += added;
    return [sum + 0.7, sum, sum + 0.2];
  });
}

const silent = [null, null, null];
const replaced = (rtts: Rtts, ttl: number, by: (number | null)[]): Rtts =>
  rtts.map((list, at) => (at === ttl - 1 ? by : list));
const late = (rtts: Rtts, ttl: number, ms: number): Rtts =>
  rtts.map((list, at) => (at === ttl - 1 ? list.map((rtt) => (rtt === null ? null : rtt + ms)) : list));

describe('the worst step', () => {
  const eight = path(1, 2, 1, 3, 80, 2, 1, 2);
  const longest = path(...Array.from({ length: 8 }, () => 20));
  test.each<[string, Rtts, { ttl: number; added_ms: number } | undefined]>([
    ['80 ms added at hop 5 of 8', eight, { ttl: 5, added_ms: 80 }],
    ['a clean path', path(1, 2, 1, 3, 2, 1), { ttl: 4, added_ms: 3 }],
    ['a path without any step to speak of', path(0.05, 0.05, 0.05), undefined],
    ['a router that answers 150 ms late', late(eight, 3, 150), { ttl: 5, added_ms: 80 }],
    ['one on a clean path', late(path(1, 2, 1, 3, 2, 1), 3, 150), { ttl: 2, added_ms: 2 }],
    ['the worst hop itself answers late as well', late(eight, 5, 150), { ttl: 6, added_ms: 41 }],
    ['the one before it does', late(eight, 4, 150), { ttl: 5, added_ms: 41.5 }],
    ['the worst hop answers a little late', late(eight, 5, 12), { ttl: 5, added_ms: 82 }],
    ['160 ms without a slow step', longest, { ttl: 1, added_ms: 20 }],
    ['160 ms with a silent hop', replaced(longest, 4, silent), { ttl: 1, added_ms: 20 }],
    [
      '160 ms with nothing but the ends answering',
      [2, 3, 4, 5, 6, 7].reduce((rtts, ttl) => replaced(rtts, ttl, silent), longest),
      { ttl: 1, added_ms: 20 },
    ],
    [
      'a hop that answers one probe of three, slowly',
      replaced(eight, 6, [null, 140, null]),
      { ttl: 5, added_ms: 80 },
    ],
    [
      'the slow step after a silent hop may be either',
      replaced(eight, 4, silent),
      { ttl: 5, added_ms: 41.5 },
    ],
    ['the target silent', replaced(eight, 8, silent), undefined],
    ['nothing answers', [silent, silent], undefined],
  ])('%s', (_, rtts, expected) => {
    const { worst } = judge(rtts);
    expect(worst && { ttl: worst.ttl, added_ms: Math.round(worst.added_ms * 10) / 10 }).toEqual(expected);
  });

  test('no router is above 100 ms where none is: late answers, limits and long ways blame nobody', () => {
    for (const rtts of [late(longest, 2, 150), late(longest, 7, 150), replaced(longest, 3, silent)]) {
      expect(judge(rtts).worst?.added_ms).toBeLessThan(100);
    }
  });
});

test('the steps sum up to the round trip of the target', () => {
  const { added } = judge(late(replaced(path(1, 2, 1, 3, 80, 2), 3, silent), 2, 30));
  expect(added[2]).toBeUndefined();
  const sum = added.reduce<number>((total, ms) => total + (ms ?? 0), 0);
  expect(sum).toBeCloseTo(89, 6);
});

describe('hops', () => {
  test('silent ones stay, and the trace ends at the target', () => {
    const probes = [
      ...probesOf([[1, 2, 3], silent, [9, 8, 7]]),
      { ttl: 4, answer: { from: target, rttMs: 9, kind: 'end' as const } },
    ];
    expect(hopsOf(probes, target)).toEqual([
      { ttl: 1, sent: 3, answers: [{ ip: router(1), received: 3, min_ms: 1, median_ms: 2, max_ms: 3 }] },
      { ttl: 2, sent: 3, answers: [] },
      { ttl: 3, sent: 3, answers: [{ ip: target, received: 3, min_ms: 7, median_ms: 8, max_ms: 9 }] },
    ]);
  });

  test('without the target they end at the last that answered', () => {
    expect(
      hopsOf(probesOf([[1, 1, 1], silent, [2, null, 4], silent, silent]), target).map(({ ttl, answers }) => [
        ttl,
        answers.length,
      ]),
    ).toEqual([
      [1, 1],
      [2, 0],
      [3, 1],
    ]);
  });

  test('several routers at one distance stand side by side', () => {
    const probes: TraceProbe[] = ['10.0.0.1', '10.0.0.2', '10.0.0.1'].map((from, at) => ({
      ttl: 1,
      answer: { from, rttMs: at + 1, kind: 'passed' },
    }));
    expect(
      hopsOf(probes, target)[0]?.answers.map(({ ip, received, median_ms }) => [ip, received, median_ms]),
    ).toEqual([
      ['10.0.0.1', 2, 2],
      ['10.0.0.2', 1, 2],
    ]);
  });
});
