import { expect, test } from 'vitest';
import { createFlowBook, slotMs } from './udp-flow-book.ts';

test('without losses it says how many flows were used, and over how long', () => {
  const book = createFlowBook(16, 1000);
  expect(book.verdict(1000)).toBeUndefined();
  book.count(3, { sent: 1 }, 1500);
  book.count(5, { sent: 1 }, 2000 + slotMs);
  expect(book.verdict(3000 + slotMs)).toEqual({ count: 2, lossy: 0, over_ms: 2000 + slotMs });
});

test('the same with a loss that tells nothing', () => {
  const book = createFlowBook(16, 1000);
  book.count(3, { sent: 2, lost: 1 }, 1500);
  book.count(5, { sent: 1 }, 2000 + slotMs);
  expect(book.verdict(3000 + slotMs)).toEqual({ count: 2, lossy: 0, over_ms: 2000 + slotMs });
});

test('what is older than a quarter of an hour is forgotten', () => {
  const book = createFlowBook(16, 0);
  for (let flow = 0; flow < 16; flow++) book.count(flow, { sent: 100, lost: flow === 0 ? 50 : 0 }, 10);
  expect(book.verdict(1000)?.lossy).toBe(1);
  book.count(2, { sent: 1 }, 31 * slotMs);
  expect(book.verdict(31 * slotMs + 10)).toEqual({ count: 1, lossy: 0, over_ms: 29 * slotMs + 10 });
});
