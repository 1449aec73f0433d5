import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Telling } from '../discovery/index.ts';
import { createOutbox, verdictOf, type Outbox } from './outbox.ts';

const plan = { version: 'v1', epoch: 3 };
const answered = (status: number, body: unknown = { error: { code: 'x', message: 'y' } }) =>
  verdictOf({ kind: 'answered', status, body }).kind;

describe('what the registry says to a report', () => {
  it.each([
    [400, 'invalid'],
    [413, 'invalid'],
    [401, 'later'],
    [404, 'later'],
    [409, 'later'],
    [429, 'later'],
    [503, 'later'],
  ])('status %d: %s', (status, kind) => {
    expect(answered(status)).toBe(kind);
  });

  it('taken, with the records it refused', () => {
    const refused = [{ index: 2, reason: 'latency: must be pairs' }];
    const verdict = verdictOf({ kind: 'answered', status: 200, body: { status: 'ok', plan, refused } });
    expect(verdict).toEqual({ kind: 'taken', plan, tasks: [], refused });
  });

  it('an answer that is not one changes nothing', () => {
    expect(answered(200, { status: 'fine' })).toBe('later');
    expect(verdictOf({ kind: 'away', reason: 'no answer within 10 s' }).kind).toBe('later');
  });
});

describe('something new is reported within 50 ms, at most once a second', () => {
  afterEach(() => vi.useRealTimers());

  /** There is always something to tell. */
  const discovery: Telling = {
    toTell: () => ({ part: {}, isMore: false, arrived: () => undefined }),
    isWaiting: () => true,
    forgetTold: () => undefined,
    inventoryChanged: () => undefined,
  };
  /** An outbox that reports only what is urgent, and when it did. */
  function started(): { outbox: Outbox; reportsMs: number[] } {
    vi.useFakeTimers();
    const startedMs = performance.now();
    const now = () => performance.now() - startedMs;
    const reportsMs: number[] = [];
    const outbox = createOutbox({
      ...{ instanceId: 'm1', boot: 'b1', bootMs: 0, keptBuckets: 60, keepMs: 60_000, now, discovery },
      reportIntervalMs: 1e9,
      send() {
        reportsMs.push(now());
        return Promise.resolve({ kind: 'answered', status: 200, body: { status: 'ok', plan } });
      },
      self: () => ({ event_loop_delay_ms: 0, outbox_buckets: 0, outbox_dropped: 0, probes_off: [] }),
      proofs: { untold: () => [], told: () => undefined },
      onPlan: () => undefined,
      onTasks: () => undefined,
      onRefused: () => undefined,
    });
    return { outbox, reportsMs };
  }
  const every = (ms: number, untilMs: number) => Array.from({ length: untilMs / ms }, (_, at) => at * ms);

  it.each<[string, number[], number[], number[]]>([
    ['one', [0], [], [50]],
    ['two, one soon after the other', [0, 300], [], [50, 1050]],
    ['a hundred at once, and one later', [...Array.from({ length: 100 }, () => 0), 1500], [], [50, 1550]],
    ['one every 10 ms', every(10, 3000), [], [50, 1050, 2050, 3050]],
    ['some around a report that comes for another reason', [0, 100, 300], [200], [50, 250, 1050]],
  ])('%s', async (_, newsMs, othersMs, expected) => {
    const { outbox, reportsMs } = started();
    for (let atMs = 0; atMs < 10_000; atMs += 10) {
      for (const ms of newsMs) if (ms === atMs) outbox.news();
      if (othersMs.includes(atMs)) outbox.tellSelf();
      await vi.advanceTimersByTimeAsync(10);
    }
    await outbox.finish(0);
    expect(reportsMs.map((ms) => 10 * Math.round(ms / 10))).toEqual(expected);
  });
});
