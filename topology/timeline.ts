import { Bucket } from './bucket.ts';
import type { Track } from './entries.ts';

export interface TimelineOptions {
  /** Length of a time bucket, milliseconds; `Infinity` for one that holds everything. */
  bucketMs: number;
  /** How long a bucket is kept after its end, milliseconds. */
  retentionMs: number;
  /** How far ahead of the time that was told something may be, milliseconds. */
  aheadMs: number;
  /** Told the tracks of a bucket that is no longer kept. */
  onDropped: (tracks: readonly Track[]) => void;
  /** Told after buckets were dropped: what was last seen before this is forgotten. */
  onSwept: (oldestMs: number) => void;
}

/** Our own bucket among those of other reporters, whose names are never empty. */
const own = '';

/** Time cut into buckets, kept for a while: our own, and those that others reported. */
export class Timeline {
  readonly #options: TimelineOptions;
  readonly #buckets = new Map<number, Map<string, Bucket>>();
  #current: Bucket | undefined;
  #currentEndMs = -Infinity;
  #newestStartMs = -Infinity;
  /** The clock of whoever has one; otherwise the newest time seen is the present. */
  #toldMs: number | undefined;
  #newestMs = -Infinity;
  #serial = 0;

  constructor(options: TimelineOptions) {
    this.#options = options;
  }

  /** The present as far as it is known; `-Infinity` before anything was seen. */
  get nowMs(): number {
    return this.#toldMs ?? this.#newestMs;
  }

  get bucketMs(): number {
    return this.#options.bucketMs;
  }

  /** Says what time it is: what lies too far behind is dropped, and what lies ahead of it is refused from now on. */
  advance(nowMs: number): void {
    if (!(nowMs > (this.#toldMs ?? -Infinity))) return;
    this.#toldMs = nowMs;
    this.#expire();
  }

  /** Why nothing of that time is taken; `undefined` when it is. */
  objection(atMs: number): 'too_old' | 'in_future' | undefined {
    if (this.#toldMs !== undefined && atMs > this.#toldMs + this.#options.aheadMs) return 'in_future';
    return atMs < this.nowMs - this.#options.retentionMs ? 'too_old' : undefined;
  }

  /** Our own bucket of a time that {@link objection} has nothing against. */
  bucketAt(atMs: number): Bucket {
    if (atMs > this.#newestMs) this.#newestMs = atMs;
    const current = this.#current;
    if (current !== undefined && atMs >= current.startMs && atMs < this.#currentEndMs) return current;
    const startMs = this.startOf(atMs);
    const known = this.#buckets.get(startMs)?.get(own);
    // Time goes on much as it went before.
    const expected = Math.max(8, current?.tracks.length ?? 0);
    const bucket = known ?? this.#put(own, new Bucket(startMs, this.#serial++, expected));
    this.#current = bucket;
    const { bucketMs } = this.#options;
    // Where lengths have fractions, sums of them are not exact: then nothing is taken for granted.
    this.#currentEndMs = Number.isInteger(bucketMs) || bucketMs === Infinity ? startMs + bucketMs : startMs;
    return bucket;
  }

  /** Puts what another reporter saw in place of what it reported before of the same time. */
  put(reporter: string, bucket: Bucket, newestMs: number): void {
    this.#newestMs = Math.max(this.#newestMs, newestMs);
    this.#put(reporter, bucket);
  }

  reported(reporter: string, startMs: number): Bucket | undefined {
    return this.#buckets.get(startMs)?.get(reporter);
  }

  startOf(atMs: number): number {
    const { bucketMs } = this.#options;
    if (bucketMs === Infinity) return 0;
    const number = Math.floor(atMs / bucketMs);
    // Just before the next bucket, the division may round into it.
    return (number * bucketMs > atMs ? number - 1 : number) * bucketMs;
  }

  /** Our own buckets, oldest first. */
  ownBuckets(): Bucket[] {
    const all = [...this.#buckets.values()].flatMap((reporters) => reporters.get(own) ?? []);
    return all.sort((a, b) => a.startMs - b.startMs);
  }

  /** Every bucket that has a part in the window: from the one that `fromMs` lies in to the last that begins before `toMs`. */
  *within(fromMs: number, toMs: number): Generator<Bucket> {
    for (const [startMs, reporters] of this.#buckets)
      if (startMs < toMs && startMs + this.#options.bucketMs > fromMs) yield* reporters.values();
  }

  #put(reporter: string, bucket: Bucket): Bucket {
    let reporters = this.#buckets.get(bucket.startMs);
    if (reporters === undefined) this.#buckets.set(bucket.startMs, (reporters = new Map<string, Bucket>()));
    const before = reporters.get(reporter);
    reporters.set(reporter, bucket);
    if (before !== undefined) this.#options.onDropped(before.tracks);
    if (bucket.startMs > this.#newestStartMs) {
      this.#newestStartMs = bucket.startMs;
      this.#sealOld();
      this.#expire();
    }
    return bucket;
  }

  /** Late observations are common for one bucket, and rare after that. */
  #sealOld(): void {
    for (const [startMs, reporters] of this.#buckets)
      if (startMs < this.#newestStartMs - this.#options.bucketMs)
        for (const bucket of reporters.values()) bucket.seal();
  }

  #expire(): void {
    const oldestMs = this.nowMs - this.#options.retentionMs;
    let dropped = 0;
    for (const [startMs, reporters] of this.#buckets) {
      if (startMs + this.#options.bucketMs > oldestMs) continue;
      this.#buckets.delete(startMs);
      if (this.#current?.startMs === startMs) this.#current = undefined;
      for (const bucket of reporters.values()) this.#options.onDropped(bucket.tracks);
      dropped++;
    }
    if (dropped > 0) this.#options.onSwept(oldestMs);
  }
}
