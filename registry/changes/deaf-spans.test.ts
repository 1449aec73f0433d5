import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openStore, type Store } from '../store/index.ts';
import { noteListening, type Span } from './deaf-spans.ts';

let store: Store;
beforeEach(async () => {
  store = await openStore({ kind: 'embedded', folder: undefined });
});
afterEach(() => store.close());

async function listenAt(...moments: number[]): Promise<Span[]> {
  let spans: Span[] = [];
  for (const nowMs of moments) spans = await noteListening(store, nowMs);
  return spans;
}

describe('deaf spans', () => {
  test.each<[string, number[], Span[]]>([
    ['none at the first note', [1_000], []],
    ['none while notes come once a second', [1_000, 2_000, 3_000], []],
    ['none for a gap of 3 s', [1_000, 4_000], []],
    ['one for a longer gap', [1_000, 4_001], [{ fromMs: 1_000, toMs: 4_001 }]],
    ['none again when the gap is over', [1_000, 61_000, 62_000], [{ fromMs: 1_000, toMs: 61_000 }]],
    [
      'one for each gap',
      [0, 10_000, 11_000, 21_000],
      [
        { fromMs: 0, toMs: 10_000 },
        { fromMs: 11_000, toMs: 21_000 },
      ],
    ],
    ['none for a clock that went back', [10_000, 1_000], []],
  ])('%s', async (_, moments, spans) => {
    expect(await listenAt(...moments)).toEqual(spans);
  });

  test('are kept for 25 hours, and at most 200 of them', async () => {
    const day = 25 * 3_600_000;
    expect(await listenAt(0, 10_000, 10_000 + day)).toEqual([{ fromMs: 10_000, toMs: 10_000 + day }]);
    const gaps = Array.from({ length: 210 }, (_, i) => 2 * day + i * 4_000);
    expect(await listenAt(...gaps)).toHaveLength(200);
  });

  test('are the same for every replica, of which one alone may listen', async () => {
    await listenAt(1_000);
    const both = await Promise.all([noteListening(store, 61_000), noteListening(store, 61_005)]);
    const after = await noteListening(store, 62_000);
    expect(both.map((spans) => spans.length)).toEqual([1, 1]);
    expect(after).toHaveLength(1);
    expect(after[0]).toMatchObject({ fromMs: 1_000 });
  });
});
