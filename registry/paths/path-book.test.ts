import type { PathTotals } from '@netring/contract/report';
import type { Outcome } from '@netring/contract/result';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createPathBook, type PathBook, type ReportTime } from './path-book.ts';

const at = (change: Partial<ReportTime> = {}): ReportTime => ({
  id: 'a',
  boot: 'b',
  n: 0,
  seq: 0,
  startedMs: 1_000,
  sentMs: 3_000,
  receivedMs: 1_000_000,
  ...change,
});

function totals(target: string, outcome: Outcome = 'ok', endedMs = 2_500, checks = 1): PathTotals {
  const last = { kind: 'tcp' as const, outcome, ended_ms: endedMs };
  return { target, checks, failed: 0, voided: 0, sent: checks, lost: 0, latency: [], last };
}

describe('the path book', () => {
  test('puts the times of a member onto the clock of the store', () => {
    const book = createPathBook();
    book.take(at(), totals('b'));
    const check = book.get('a', 'b')?.checks[0];
    expect(check).toMatchObject({ lastAtMs: 999_500, countedAtMs: 999_500 });
    expect(check?.buckets[0]?.startedMs).toBe(998_000);
  });

  test('never puts a result into the future', () => {
    const book = createPathBook();
    book.take(at({ startedMs: 9_000 }), totals('b', 'ok', 9_000));
    expect(book.get('a', 'b')?.checks[0]).toMatchObject({
      lastAtMs: 1_000_000,
      buckets: [{ startedMs: 1_000_000 }],
    });
  });

  test('shows a void result, and counts on with the one before', () => {
    const book = createPathBook();
    book.take(at(), totals('b', 'timeout', 2_000));
    book.take(at({ seq: 1 }), totals('b', 'void', 2_500));
    const check = book.get('a', 'b')?.checks[0];
    expect(check?.last.outcome).toBe('void');
    expect(check?.counted?.outcome).toBe('timeout');
    expect(check?.countedAtMs).toBe(999_000);
  });

  test('shows a result that a test of ours disturbed, and counts on with the one before', () => {
    const book = createPathBook();
    book.take(at(), totals('b', 'timeout', 2_000));
    const one = totals('b', 'ok', 2_500);
    book.take(at({ seq: 1 }), { ...one, last: { ...one.last, disturbed: true } });
    expect(book.get('a', 'b')?.checks[0]).toMatchObject({
      last: { outcome: 'ok' },
      counted: { outcome: 'timeout' },
      answeredAtMs: 0,
    });
  });

  test('knows when something last answered, a refusal too', () => {
    const book = createPathBook();
    book.take(at(), totals('b', 'ok', 1_500));
    book.take(at({ seq: 1 }), totals('b', 'refused', 2_000));
    book.take(at({ seq: 2 }), totals('b', 'timeout', 2_500));
    expect(book.get('a', 'b')?.checks[0]).toMatchObject({ answeredAtMs: 999_000, countedAtMs: 999_500 });
  });

  test('keeps the losses of the last minute by way', () => {
    const book = createPathBook();
    const lost = (endedMs: number, forward_lost: number, return_lost: number): PathTotals => ({
      ...totals('b'),
      last: {
        kind: 'udp',
        outcome: 'ok',
        ended_ms: endedMs,
        sent: 4,
        received: 3,
        reordered: 0,
        duplicates: 0,
        forward_lost,
        return_lost,
      },
    });
    for (const [endedMs, there, back] of [
      [70_000, 1, 0],
      [10_000, 1, 1],
      [69_000, 0, 2],
      [69_000, 0, 2],
      [69_500, 0, 0],
    ] as const)
      book.take(at({ sentMs: 70_000 }), lost(endedMs, there, back));
    expect(book.get('a', 'b')?.checks[0]?.ways.map((one) => [one.forward, one.return])).toEqual([
      [0, 2],
      [1, 0],
    ]);
  });

  test('keeps kinds and endpoints apart', () => {
    const book = createPathBook();
    book.take(at(), totals('b'));
    const last = { kind: 'http' as const, outcome: 'ok' as const, ended_ms: 2_000, status: 200 };
    for (const endpoint of ['/health', '/metrics']) book.take(at(), { ...totals('b'), endpoint, last });
    expect(book.get('a', 'b')?.checks.map(({ kind, endpoint }) => [kind, endpoint])).toEqual([
      ['tcp', undefined],
      ['http', '/health'],
      ['http', '/metrics'],
    ]);
  });

  test('holds at most 4,096 targets of a source, and 32 checks of a path', () => {
    const book = createPathBook();
    for (let i = 0; i < 4_096; i++) expect(book.take(at(), totals(`t${i}`))).toBe(true);
    expect(book.take(at(), totals('one more'))).toBe(false);
    expect(book.take(at(), totals('t0'))).toBe(true);
    expect(book.take(at({ id: 'another' }), totals('one more'))).toBe(true);
    const endpoint = (i: number) => ({ ...totals('t0'), endpoint: `/${i}` });
    for (let i = 1; i < 32; i++) expect(book.take(at(), endpoint(i))).toBe(true);
    expect(book.take(at(), endpoint(32))).toBe(false);
    expect(book.of('a').size).toBe(4_096);
  });

  test('grows its revision when a path comes or goes, not when one is measured', () => {
    const book = createPathBook();
    const revisions = [book.revision()];
    const note = () => revisions.push(book.revision());
    book.take(at(), totals('b'));
    note();
    book.take(at({ seq: 1 }), totals('b'));
    note();
    book.drop('a', 'b');
    note();
    expect(revisions).toEqual([0, 1, 1, 2]);
  });

  test('drops what it held of a source, and of a target', () => {
    const book = createPathBook();
    book.take(at(), totals('b'));
    book.take(at(), totals('c'));
    book.noteSelf('a', { event_loop_delay_ms: 1, outbox_buckets: 0, outbox_dropped: 0, probes_off: [] }, 1);
    book.drop('a', 'b');
    expect([...book.of('a').keys()]).toEqual(['c']);
    book.drop('a');
    expect(book.of('a').size).toBe(0);
    expect(book.selfOf('a')).toBeUndefined();
  });

  test('tells once which paths were touched', () => {
    const book = createPathBook();
    book.take(at(), totals('b'));
    book.take(at(), totals('b'));
    expect([...book.takeTouched()].map(({ target }) => target)).toEqual(['b']);
    expect(book.takeTouched().size).toBe(0);
  });
});

interface Sent {
  time: ReportTime;
  totals: PathTotals;
}

/** Reports of several members: each bucket several times, as it grows. */
const reports = fc
  .array(fc.record({ member: fc.nat(2), n: fc.nat(3), target: fc.nat(2), outcome: fc.nat(3) }), {
    minLength: 1,
    maxLength: 30,
  })
  .map((steps) =>
    steps.map(({ member, n, target, outcome }, seq): Sent => {
      const outcomes = ['ok', 'timeout', 'refused', 'void'] as const;
      const nowMs = 10_000 * (n + 1) + seq;
      return {
        time: at({ id: `m${member}`, n, seq, startedMs: 10_000 * n, sentMs: nowMs, receivedMs: 1e6 + nowMs }),
        totals: totals(`m${target}`, outcomes[outcome], nowMs, seq + 1),
      };
    }),
  );

const shuffledWithRepeats = reports.chain((sent) =>
  fc
    .array(fc.constantFrom(...sent), { maxLength: 20 })
    .chain((again) => fc.shuffledSubarray([...sent, ...again], { minLength: sent.length + again.length }))
    .map((order) => ({ sent, order })),
);

/** What the book holds, without regard to the order in which it came to it. */
function contents(book: PathBook) {
  return [...book.sources()].sort().map((source) =>
    [...book.of(source).values()]
      .sort((a, b) => (a.target < b.target ? -1 : 1))
      .map(({ target, checks }) => ({
        source,
        target,
        checks: checks.map(({ silentFromMs: _, ...check }) => ({
          // When silence began is seen as it comes; the next answer, or silence, sets it right.
          ...check,
          buckets: [...check.buckets].sort((a, b) => a.n - b.n),
        })),
      })),
  );
}

function bookOf(sent: readonly Sent[]): PathBook {
  const book = createPathBook();
  for (const one of sent) book.take(one.time, one.totals);
  return book;
}

test('reports shuffled, repeated and interleaved come to the same book', () => {
  fc.assert(
    fc.property(shuffledWithRepeats, ({ sent, order }) => {
      expect(contents(bookOf(order))).toEqual(contents(bookOf(sent)));
    }),
  );
});
