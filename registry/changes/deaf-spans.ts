import type { Store } from '../store/index.ts';

/** A stretch of time, epoch milliseconds of the store's clock. */
export interface Span {
  fromMs: number;
  toMs: number;
}

const group = 'listening';
const listenedKey = 'at';
const spansKey = 'deaf';

/** Two beats missed and a little: shorter gaps are not worth forgiving. */
const shortestMs = 3_000;
const keptMs = 25 * 3_600_000;
const keptCount = 200;

/** When a registry last listened, as it told the time; `undefined`: none ever did. */
export async function lastListenedAtMs(store: Store): Promise<number | undefined> {
  const at = await store.table.get(group, listenedKey);
  return at === undefined ? undefined : Number(at.toString());
}

/**
 * Notes that a registry listens at `nowMs`, and learns when none did: a gap since the last note of any replica is a
 * *deaf span*, in which silence of members means nothing.
 */
export async function noteListening(store: Store, nowMs: number): Promise<Span[]> {
  const [at, stored] = await store.table.getMany([
    { group, key: listenedKey },
    { group, key: spansKey },
  ]);
  const last = at === undefined ? nowMs : Number(at.toString());
  let spans = stored === undefined ? [] : (JSON.parse(stored.toString()) as Span[]);
  const put = [{ group, key: listenedKey, value: String(Math.round(nowMs)) }];
  if (nowMs - last > shortestMs) {
    spans = [...spans, { fromMs: last, toMs: nowMs }]
      .filter((span) => nowMs - span.toMs < keptMs)
      .slice(-keptCount);
    put.push({ group, key: spansKey, value: JSON.stringify(spans) });
  }
  const require = [{ group, key: listenedKey, equals: at?.toString() }];
  // Refused: another replica has just noted the same, which serves as well.
  await store.commit({ require, put });
  return spans;
}
