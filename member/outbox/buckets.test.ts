import { describe, expect, it } from 'vitest';
import type { Measured } from '../probe/index.ts';
import { createBuckets, type Bucket } from './buckets.ts';

const naming = { target: 'm2', endpoint: undefined };
const found: Measured = {
  key: 'k',
  result: { kind: 'tcp', outcome: 'ok', ended_ms: 1, connect_ms: 1 },
  startedMs: 0,
  sent: 1,
  lost: 0,
};

/** Buckets on a clock that is moved by hand; the boot was at 1,000,000 ms. */
function onClock(kept: number) {
  let nowMs = 1_000_000;
  const buckets = createBuckets({ bootMs: nowMs, kept, keepMs: 60_000, now: () => nowMs });
  const addAt = (secondsAfterBoot: number) => {
    nowMs = 1_000_000 + secondsAfterBoot * 1000;
    buckets.add(found, naming);
  };
  const takeNext = (): number | undefined => {
    const next = buckets.next();
    if (next !== undefined) buckets.acknowledge(next, next.revision);
    return next?.n;
  };
  return { buckets, addAt, takeNext };
}

describe('buckets', () => {
  it('cut time into tens of seconds from the boot on', () => {
    const { buckets, addAt, takeNext } = onClock(60);
    for (const second of [0, 9.999, 10, 35]) addAt(second);
    expect(buckets.next()).toMatchObject({ n: 0, startedMs: 1_000_000, revision: 2 });
    expect([takeNext(), takeNext(), takeNext(), takeNext()]).toEqual([0, 1, 3, undefined]);
  });

  it('report a closed bucket’s last state before the open one', () => {
    const { buckets, addAt, takeNext } = onClock(60);
    addAt(1);
    expect(takeNext()).toBe(0);
    addAt(9);
    addAt(11);
    expect(buckets.waiting()).toBe(2);
    expect([takeNext(), takeNext(), takeNext()]).toEqual([0, 1, undefined]);
  });

  it('wait again when something came in while a report was under way', () => {
    const { buckets, addAt } = onClock(60);
    addAt(1);
    const sent = buckets.next() as Bucket;
    const { revision } = sent;
    addAt(2);
    buckets.acknowledge(sent, revision);
    expect(buckets.next()?.n).toBe(0);
  });

  it('are reported with nothing in them when the member itself has news', () => {
    const { buckets, takeNext } = onClock(60);
    expect(takeNext()).toBeUndefined();
    buckets.touch();
    expect(buckets.next()?.paths.size).toBe(0);
    expect([takeNext(), takeNext()]).toEqual([0, undefined]);
  });

  it('drop the oldest when there are too many, and count it', () => {
    const { buckets, addAt, takeNext } = onClock(3);
    for (const second of [0, 10, 20, 30, 40]) addAt(second);
    expect([buckets.dropped(), buckets.waiting(), takeNext()]).toEqual([2, 3, 2]);
  });

  it('do not count what the registry has got', () => {
    const { buckets, addAt, takeNext } = onClock(3);
    for (const second of [0, 10, 20, 30, 40]) {
      addAt(second);
      takeNext();
    }
    expect([buckets.dropped(), buckets.waiting()]).toEqual([0, 0]);
  });

  it('are sent again, as far as they are young enough, to a registry that forgot', () => {
    const { buckets, addAt, takeNext } = onClock(60);
    for (const second of [0, 10, 30, 60, 89, 95]) {
      addAt(second);
      takeNext();
    }
    buckets.forgetAcknowledged(60_000);
    expect([takeNext(), takeNext(), takeNext(), takeNext(), takeNext()]).toEqual([3, 6, 8, 9, undefined]);
  });
});
