import { expect, test } from 'vitest';
import type { Cell, Pair } from './grid.ts';
import { describePath } from './member-path.ts';
import { createPathBook } from './path-book.ts';

const nowMs = 1_000_000;

/** What is shown of the ways of losses, each of a result that came so many seconds ago; not up until `notUpS` seconds ago. */
function waysOf(results: readonly { agoS: number; there: number; back: number }[], notUpS = Infinity) {
  const book = createPathBook();
  for (const { agoS, there, back } of results) {
    const receivedMs = nowMs - agoS * 1000;
    const n = Math.floor(receivedMs / 10_000);
    const time = { id: 'a', boot: 'b', n, seq: receivedMs, sentMs: 0, startedMs: 0, receivedMs };
    const counts = { sent: 20, received: 20 - there - back, reordered: 0, duplicates: 0 };
    const ways = { forward_lost: there, return_lost: back };
    const last = { kind: 'udp', outcome: 'ok', ended_ms: 0, ...counts, ...ways } as const;
    const totals = { checks: 1, failed: 0, voided: 0, sent: 20, lost: there + back, latency: [100, 1] };
    book.take(time, { target: 'b', ...totals, last });
  }
  const path = book.get('a', 'b');
  if (path === undefined) throw new Error('nothing was taken');
  if (Number.isFinite(notUpS)) path.notUpMs = nowMs - notUpS * 1000;
  const verdict = { state: 'ok', reasons: [], answering: true };
  const pair = { source: 'a', target: 'b', path, proved: true, freshMs: 25_000, verdict } as unknown as Pair;
  const cell = { source: 'at-a', target: 'at-b', targetKind: 'member' } as Cell;
  const [check] = describePath(pair, cell, {}, nowMs).checks;
  return [check?.forward_lost, check?.return_lost];
}

test('a way is known by the losses of a minute, not by those of the newest result alone', () => {
  const results = [
    { agoS: 70, there: 9, back: 9 },
    { agoS: 50, there: 0, back: 2 },
    { agoS: 20, there: 0, back: 1 },
    { agoS: 5, there: 0, back: 0 },
  ];
  expect(waysOf(results)).toEqual([0, 3]);
});

test('losses from before a path was up again tell no way', () => {
  const results = [
    { agoS: 40, there: 5, back: 0 },
    { agoS: 10, there: 0, back: 1 },
  ];
  expect(waysOf(results, 30)).toEqual([0, 1]);
});
