import { describe, expect, test } from 'vitest';
import { flatness, lineOver, mbpsOf, type Progress } from './bandwidth-rate.ts';

/** Progress every 50 ms of a rate that is a function of time, bytes a millisecond. */
function progressOf(rate: (atMs: number) => number, seconds: number): Progress[] {
  const progress: Progress[] = [{ atMs: 0, bytes: 0 }];
  let bytes = 0;
  for (let atMs = 50; atMs <= seconds * 1000; atMs += 50) {
    bytes += 50 * rate(atMs);
    progress.push({ atMs, bytes });
  }
  return progress;
}
/** What has arrived between `fromMs` and `toMs` is handed over at the end of that. */
const heldBack = (progress: Progress[], fromMs: number, toMs: number, share: number): Progress[] => {
  const held = progress.find(({ atMs }) => atMs >= fromMs)?.bytes ?? 0;
  return progress.map((one) =>
    one.atMs > fromMs && one.atMs < toMs ? { ...one, bytes: held + (1 - share) * (one.bytes - held) } : one,
  );
};
const slowStart = (atMs: number, full: number, endMs: number) =>
  Math.min(full, full * 2 ** ((atMs - endMs) / 150));

describe('the flat part of a transfer', () => {
  test.each<[string, Progress[], number, string, number | undefined]>([
    ['nothing came', progressOf(() => 0, 3), 20, 'rising', undefined],
    ['slow start only', progressOf((at) => slowStart(at, 1000, 1000), 1.1), 150, 'rising', undefined],
    ['flat from the beginning', progressOf(() => 1000, 3), 1, 'flat', 8],
    ['flat behind slow start', progressOf((at) => slowStart(at, 1000, 1500), 6), 150, 'flat', 8],
    [
      'flat, and too short for the round trip',
      progressOf((at) => slowStart(at, 1000, 1500), 3),
      150,
      'unsteady',
      8,
    ],
    ['rising for ever', progressOf((at) => at / 10, 6), 20, 'unsteady', undefined],
    [
      'a loss holds back half of what came for a while',
      heldBack(
        progressOf(() => 1000, 4),
        2000,
        2600,
        0.5,
      ),
      20,
      'flat',
      8,
    ],
    [
      'one that stands still every now and then',
      progressOf((at) => (at % 1000 < 600 ? 1000 : 0), 6),
      20,
      'unsteady',
      undefined,
    ],
  ])('%s', (_, progress, rttMs, kind, mbps) => {
    const found = flatness(progress, rttMs);
    expect(found.kind).toBe(kind);
    if (mbps === undefined || found.kind === 'rising') return;
    expect(mbpsOf(found.bytesPerMs) / mbps).toBeGreaterThan(0.97);
    expect(mbpsOf(found.bytesPerMs) / mbps).toBeLessThan(1.03);
  });

  test('the line touches progress from above, where nothing is held back', () => {
    const held = heldBack(
      progressOf(() => 1000, 3),
      1000,
      2000,
      0.9,
    );
    expect(lineOver(held)).toBeCloseTo(1000, 6);
    expect(lineOver([])).toBe(0);
  });
});
