import { bucketOf, HistogramSum, type Histogram } from './histogram.ts';

/** Counts that a slot keeps side by side: latencies from a seventh to seven times the first one seen. */
const width = 96;
/** Of one count. Two bytes each, a row is three lines of the processor's cache, of which a usual latency touches one. */
const mostInRow = 0xffff;

/**
 * The latency histograms of one time bucket, one a slot. Those under way are rows of counts in one array; what lies
 * outside its row, or is too much for it, is in a list. {@link seal} packs all of them into one run of bytes (about two for
 * every bucket in use), since a quarter of an hour of them is kept. What comes late is packed again.
 */
export class LatencyBlock {
  #counts = new Uint16Array(0);
  /** The histogram bucket that each row begins with; -1 for a row without anything. */
  #lows = new Int16Array(0);
  /** By slot: `[bucket, count, …]` in no order. */
  readonly #outside = new Map<number, number[]>();
  readonly #expected: number;
  #packed = new Uint8Array(0);
  /** Where slot n begins in `#packed`; one more than there are packed slots. */
  #offsets = new Uint32Array(1);

  /** @param expected slots that there will be, as far as anybody can tell: room for them is made at once */
  constructor(expected = 0) {
    this.#expected = expected;
  }

  record(slot: number, ms: number, weight: number): void {
    this.add(slot, bucketOf(ms), weight);
  }

  add(slot: number, bucket: number, count: number): void {
    if (slot >= this.#lows.length) this.#makeRoom(slot);
    let low = this.#lows[slot] as number;
    if (low < 0) this.#lows[slot] = low = Math.max(0, bucket - width / 2);
    if (bucket < low || bucket >= low + width) return this.#addOutside(slot, bucket, count);
    const at = slot * width + bucket - low;
    const sum = this.#counts[at]! + count;
    if (sum <= mostInRow && Math.floor(sum) === sum) this.#counts[at] = sum;
    else this.#addToList(at, slot, bucket, count);
  }

  /** `scratch` saves making a new sum for each of many. */
  read(slot: number, scratch = new HistogramSum()): Histogram {
    const open = this.#openEntries(slot);
    const packed = this.#unpacked(slot);
    const outside = this.#outside.get(slot);
    if (outside === undefined && packed.length === 0) return open;
    if (outside === undefined && open.length === 0) return packed;
    scratch.clear();
    for (const one of [open, packed, outside ?? []]) scratch.add(one);
    return scratch.toHistogram();
  }

  /** Packs what is open; `slots` is how many there are. Nothing happens when nothing is open. */
  seal(slots: number): void {
    if (this.#lows.length === 0) return;
    const bytes = new ByteList();
    const scratch = new HistogramSum();
    const offsets = new Uint32Array(slots + 1);
    for (let slot = 0; slot < slots; slot++) {
      pack(this.read(slot, scratch), bytes);
      offsets[slot + 1] = bytes.length;
    }
    this.#packed = bytes.toBytes();
    this.#offsets = offsets;
    this.#counts = new Uint16Array(0);
    this.#lows = new Int16Array(0);
    this.#outside.clear();
  }

  #makeRoom(slot: number): void {
    const rows = Math.max(slot + 1, 8, this.#expected, Math.ceil(this.#lows.length * 1.5));
    const lows = new Int16Array(rows).fill(-1);
    const counts = new Uint16Array(rows * width);
    lows.set(this.#lows);
    counts.set(this.#counts);
    this.#lows = lows;
    this.#counts = counts;
  }

  /** A weight need not be whole; and a count that is full moves out as it is, so that this stays rare. */
  #addToList(at: number, slot: number, bucket: number, count: number): void {
    if (Math.floor(count) !== count) return this.#addOutside(slot, bucket, count);
    this.#addOutside(slot, bucket, this.#counts[at]! + count);
    this.#counts[at] = 0;
  }

  #addOutside(slot: number, bucket: number, count: number): void {
    const list = this.#outside.get(slot) ?? [];
    this.#outside.set(slot, list);
    for (let at = 0; at < list.length; at += 2)
      if (list[at] === bucket) {
        list[at + 1]! += count;
        return;
      }
    list.push(bucket, count);
  }

  #openEntries(slot: number): Histogram {
    const histogram: Histogram = [];
    const low = this.#lows[slot] ?? -1;
    if (low < 0) return histogram;
    for (let at = 0; at < width; at++) {
      const count = this.#counts[slot * width + at] as number;
      if (count > 0) histogram.push(low + at, count);
    }
    return histogram;
  }

  #unpacked(slot: number): Histogram {
    const histogram: Histogram = [];
    if (slot + 1 >= this.#offsets.length) return histogram;
    const end = this.#offsets[slot + 1] as number;
    let at = this.#offsets[slot] as number;
    let bucket = 0;
    while (at < end) {
      for (const part of [0, 1]) {
        let value = 0;
        let scale = 1;
        for (let byte = 128; byte >= 128; scale *= 128) {
          byte = this.#packed[at++] as number;
          value += (byte & 127) * scale;
        }
        if (part === 0) bucket += value;
        histogram.push(part === 0 ? bucket : value);
      }
    }
    return histogram;
  }
}

/** Bytes in a row that grows. */
class ByteList {
  #bytes = new Uint8Array(4096);
  length = 0;

  push(byte: number): void {
    if (this.length === this.#bytes.length) {
      const wider = new Uint8Array(this.length * 2);
      wider.set(this.#bytes);
      this.#bytes = wider;
    }
    this.#bytes[this.length++] = byte;
  }

  toBytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.length);
  }
}

/** Distance from the bucket before and count, each in seven bits a byte (LEB128). Counts become whole. */
function pack(histogram: Histogram, bytes: ByteList): void {
  let before = 0;
  for (let at = 0; at < histogram.length; at += 2) {
    const bucket = histogram[at] as number;
    varint(bucket - before, bytes);
    varint(Math.max(1, Math.round(histogram[at + 1] as number)), bytes);
    before = bucket;
  }
}

function varint(value: number, bytes: ByteList): void {
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  bytes.push(rest);
}
