import { isSame } from './byte-scan.ts';

/** Keys whose order is remembered, and how long they may be with what stands around them: 9 kB. */
const mostKeys = 128;
const longest = 72;

/**
 * The keys of the last line in their order, from the comma or bracket before each to its colon: a program writes them
 * alike each time, so that a look whether the same text stands there again is all that most keys need.
 */
export class KeyOrder {
  readonly #texts = Buffer.alloc(mostKeys * longest);
  readonly #view = new DataView(this.#texts.buffer, this.#texts.byteOffset, this.#texts.length);
  /** 0 for none. */
  readonly #lengths = new Int32Array(mostKeys);
  readonly #keys = new Int32Array(mostKeys);

  /** How long the text of that field is, when it stands at `at` as it did the last time; else 0. */
  lengthAt(view: DataView, at: number, end: number, field: number): number {
    if (field >= mostKeys) return 0;
    const length = this.#lengths[field]!;
    if (length === 0 || at + length > end) return 0;
    return isSame(view, at, this.#view, field * longest, length) ? length : 0;
  }

  /** Which key it was. */
  key(field: number): number {
    return this.#keys[field]!;
  }

  put(bytes: Buffer, start: number, end: number, field: number, key: number): void {
    if (field >= mostKeys) return;
    const fits = end - start <= longest;
    this.#lengths[field] = fits ? end - start : 0;
    if (!fits) return;
    bytes.copy(this.#texts, field * longest, start, end);
    this.#keys[field] = key;
  }
}
