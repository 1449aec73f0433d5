import { hashOf, isSame, viewsOfBuffers } from './byte-scan.ts';

/** Longer ones are rare, and made anew each time. */
const longestKey = 256;
/** Raising it costs memory (about 100 bytes each) and spares making a value again. */
const mostEntries = 8192;
/** With fewer, runs of taken places become longer than is looked: one table in thirty had one with two. */
const placesEach = 4;
/** Values that fall on one place by somebody's design cost no more than so many looks. */
const mostProbes = 32;

/**
 * Values by the bytes they were made from: what repeats in a log is decoded once, and is the same string ever after. It
 * begins small, and forgets everything when it is full.
 */
export class ByteTable<T> {
  readonly #make: (bytes: Buffer, start: number, end: number) => T;
  readonly #seed = Math.floor(Math.random() * 0x7fffffff) | 1;
  #slots = new Int32Array(64 * placesEach);
  #hashes = new Int32Array(64);
  #ends = new Int32Array(65);
  #keys = Buffer.alloc(2048);
  readonly #viewOfKeys = viewsOfBuffers();
  readonly #viewOf = viewsOfBuffers();
  #values: T[] = [];

  constructor(make: (bytes: Buffer, start: number, end: number) => T) {
    this.#make = make;
  }

  find(bytes: Buffer, start: number, end: number): T {
    const view = this.#viewOf(bytes);
    const hash = hashOf(view, start, end, this.#seed);
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = hash & mask;
    for (let probes = 0; probes < mostProbes; probes++) {
      const entry = slots[slot]! - 1;
      if (entry < 0) return this.#put(bytes, start, end, hash, slot);
      if (this.#hashes[entry] === hash && this.#holds(entry, view, start, end))
        return this.#values[entry] as T;
      slot = (slot + 1) & mask;
    }
    return this.#make(bytes, start, end);
  }

  #holds(entry: number, view: DataView, start: number, end: number): boolean {
    const from = this.#ends[entry]!;
    const length = end - start;
    if (this.#ends[entry + 1]! - from !== length) return false;
    return isSame(view, start, this.#viewOfKeys(this.#keys), from, length);
  }

  #put(bytes: Buffer, start: number, end: number, hash: number, slot: number): T {
    const value = this.#make(bytes, start, end);
    if (end - start > longestKey) return value;
    const count = this.#values.length;
    if (count === mostEntries) this.clear();
    else if (count === this.#hashes.length) this.#grow();
    else {
      this.#append(bytes, start, end, hash, value);
      this.#slots[slot] = count + 1;
      return value;
    }
    this.#append(bytes, start, end, hash, value);
    this.#place(this.#values.length - 1);
    return value;
  }

  #append(bytes: Buffer, start: number, end: number, hash: number, value: T): void {
    const entry = this.#values.length;
    const from = this.#ends[entry]!;
    const to = from + end - start;
    if (to > this.#keys.length) {
      const larger = Buffer.alloc(Math.max(to, this.#keys.length * 2));
      this.#keys.copy(larger, 0, 0, from);
      this.#keys = larger;
    }
    bytes.copy(this.#keys, from, start, end);
    this.#ends[entry + 1] = to;
    this.#hashes[entry] = hash;
    this.#values.push(value);
  }

  #grow(): void {
    const size = this.#hashes.length * 2;
    const hashes = new Int32Array(size);
    hashes.set(this.#hashes);
    const ends = new Int32Array(size + 1);
    ends.set(this.#ends);
    [this.#hashes, this.#ends] = [hashes, ends];
    this.#slots = new Int32Array(size * placesEach);
    for (let entry = 0; entry < this.#values.length; entry++) this.#place(entry);
  }

  #place(entry: number): void {
    const mask = this.#slots.length - 1;
    let slot = this.#hashes[entry]! & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = entry + 1;
  }

  /** Forgets everything. */
  clear(): void {
    this.#slots.fill(0);
    this.#values = [];
    // A table that once held long keys need not keep the room for them.
    if (this.#keys.length > mostEntries * 64) this.#keys = Buffer.alloc(2048);
  }
}
