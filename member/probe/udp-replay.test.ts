import { describe, expect, test } from 'vitest';
import { createQuestionBook } from './udp-replay.ts';

/** Takes questions of one flow; of each, the count of those arrived, or nothing. */
function takes(seqs: readonly number[]): (number | undefined)[] {
  const book = createQuestionBook(() => 1);
  return seqs.map((seq) => book.take('boot', 3, seq, 0)?.received);
}

describe('a question', () => {
  test.each<[string, number[], (number | undefined)[]]>([
    ['is taken once', [5, 6, 6, 5], [1, 2, undefined, undefined]],
    ['may overtake another', [5, 7, 6, 6], [1, 2, 3, undefined]],
    ['too old to tell is not taken', [100, 36, 37], [1, undefined, 2]],
    ['is new after a gap as wide as the window', [5, 69, 5, 6], [1, 2, undefined, 3]],
    ['is new after any gap', [5, 70_000, 5], [1, 2, undefined]],
  ])('%s', (_, seqs, expected) => {
    expect(takes(seqs)).toEqual(expected);
  });

  test('is counted per prober and flow, with what overtook and what came twice', () => {
    const book = createQuestionBook(() => 9);
    book.take('a', 0, 1, 0);
    book.take('a', 0, 3, 0);
    book.take('a', 0, 3, 0);
    expect(book.take('a', 0, 2, 0)).toMatchObject({ received: 3, reordered: 1, duplicates: 1, epoch: 9 });
    expect(book.take('a', 1, 2, 0)).toMatchObject({ received: 1, reordered: 0, duplicates: 0 });
    expect(book.take('b', 0, 2, 0)).toMatchObject({ received: 1 });
    expect(book.take('a', 256, 0, 0)).toBeUndefined();
  });

  test('of a prober too many is not taken until one that is idle can be forgotten', () => {
    const book = createQuestionBook(() => 1);
    for (let n = 0; n < 2048; n++) expect(book.take(`p${n}`, 0, 0, 0)).toBeDefined();
    expect(book.take('one more', 0, 0, 1000)).toBeUndefined();
    expect(book.take('one more', 0, 0, 600_001)).toBeDefined();
  });
});
