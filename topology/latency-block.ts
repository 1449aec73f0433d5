import { bucketOf, type Histogram } from './histogram.ts';

/** A histogram under way: counts from bucket `low` on. */
interface Open {
  low: number;
  counts: Float64Array;
}

/** Open histograms grow by so many buckets at once: a third of a decade. */
const step = 20;

/**
 * The latency histograms of one time bucket, one a slot. Those under way are arrays; {@link seal} packs all of them into
 * one run of bytes (about two bytes for every bucket in use), since a quarter of an hour of them is kept. What comes
 * late opens its slot again.
 */
export class LatencyBlock {
  #open: (Open | undefined)[] = [];
  #packed = new Uint8Array(0);
  /** Where slot n begins in `#packed`; one more than there are packed slots. */
  #offsets = new Uint32Array(1);

  record(slot: number, ms: number, weight: number): void {
    this.add(slot, bucketOf(ms), weight);
  }

  add(slot: number, bucket: number, count: number): void {
    const open = this.#open[slot] ?? this.#reopen(slot, bucket);
    const at = bucket - open.low;
    if (at >= 0 && at < open.counts.length) open.counts[at] = (open.counts[at] as number) + count;
    else widened(open, bucket).counts[bucket - open.low]! += count;
  }

  read(slot: number): Histogram {
    const open = this.#open[slot];
    return open === undefined ? this.#unpacked(slot) : entriesOf(open);
  }

  /** Packs what is open; `slots` is how many there are. Nothing happens when nothing is open. */
  seal(slots: number): void {
    if (this.#open.length === 0) return;
    const bytes: number[] = [];
    const offsets = new Uint32Array(slots + 1);
    for (let slot = 0; slot < slots; slot++) {
      pack(this.read(slot), bytes);
      offsets[slot + 1] = bytes.length;
    }
    this.#packed = Uint8Array.from(bytes);
    this.#offsets = offsets;
    this.#open = [];
  }

  #reopen(slot: number, bucket: number): Open {
    while (this.#open.length <= slot) this.#open.push(undefined);
    const low = Math.max(0, bucket - step / 2);
    const open: Open = { low, counts: new Float64Array(step) };
    this.#open[slot] = open;
    const before = this.#unpacked(slot);
    for (let at = 0; at < before.length; at += 2)
      this.add(slot, before[at] as number, before[at + 1] as number);
    return open;
  }

  #unpacked(slot: number): Histogram {
    const histogram: Histogram = [];
    if (slot + 1 >= this.#offsets.length) return histogram;
    const end = this.#offsets[slot + 1] as number;
    let at = this.#offsets[slot] as number;
    let bucket = 0;
    while (at < end) {
      const values: number[] = [];
      for (let part = 0; part < 2; part++) {
        let value = 0;
        let scale = 1;
        for (let byte = 128; byte >= 128; scale *= 128) {
          byte = this.#packed[at++] as number;
          value += (byte & 127) * scale;
        }
        values.push(value);
      }
      bucket += values[0] as number;
      histogram.push(bucket, values[1] as number);
    }
    return histogram;
  }
}

/** The same histogram with room for `bucket`. */
function widened(open: Open, bucket: number): Open {
  const low = Math.max(0, Math.min(open.low, bucket - step));
  const high = Math.max(open.low + open.counts.length, bucket + step);
  const counts = new Float64Array(high - low);
  counts.set(open.counts, open.low - low);
  open.low = low;
  open.counts = counts;
  return open;
}

function entriesOf({ low, counts }: Open): Histogram {
  const histogram: Histogram = [];
  for (let at = 0; at < counts.length; at++) {
    const count = counts[at] as number;
    if (count > 0) histogram.push(low + at, count);
  }
  return histogram;
}

/** Distance from the bucket before and count, each in seven bits a byte (LEB128). Counts become whole. */
function pack(histogram: Histogram, bytes: number[]): void {
  let before = 0;
  for (let at = 0; at < histogram.length; at += 2) {
    const bucket = histogram[at] as number;
    varint(bucket - before, bytes);
    varint(Math.max(1, Math.round(histogram[at + 1] as number)), bytes);
    before = bucket;
  }
}

function varint(value: number, bytes: number[]): void {
  for (; value >= 128; value = Math.floor(value / 128)) bytes.push((value % 128) + 128);
  bytes.push(value);
}
