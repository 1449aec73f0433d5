/** Integers of a row, 2²: two make its key, the others belong to whoever added it. */
const rowLength = 4;
/** Where in a row those others are. */
export const [firstOfRow, secondOfRow] = [2, 3];

/** Rows to begin with. */
const fewestRows = 256;
/** No number is negative. */
const nobody = -1;

/**
 * Values by a pair of small numbers, each with two integers beside it, all in one array: looking for one mostly touches
 * one place in memory, where a map of maps touches four.
 */
export class PairTable<T> {
  /** Replaced when it grows. */
  rows = emptyRows(fewestRows);
  /** One a row. */
  #values: (T | undefined)[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Where the row of a pair begins; -1 when there is none. */
  find(from: number, to: number): number {
    const { rows } = this;
    const mask = rows.length - 1;
    let at = placeOf(from, to) & mask;
    while (rows[at] !== nobody) {
      if (rows[at] === from && rows[at + 1] === to) return at;
      at = (at + rowLength) & mask;
    }
    return -1;
  }

  /** What stands at a row. */
  value(row: number): T {
    return this.#values[row / rowLength] as T;
  }

  /** Where the row of a pair that has none yet begins. */
  add(from: number, to: number, value: T): number {
    // A quarter of the rows stays empty, so that looks are short.
    if (++this.#size * rowLength > this.rows.length * 0.75) this.#grow();
    const at = this.#freePlace(from, to);
    this.rows[at] = from;
    this.rows[at + 1] = to;
    this.#values[at / rowLength] = value;
    return at;
  }

  clear(): void {
    this.rows = emptyRows(fewestRows);
    this.#values = [];
    this.#size = 0;
  }

  #grow(): void {
    const [rows, values] = [this.rows, this.#values];
    this.rows = emptyRows((rows.length / rowLength) * 2);
    this.#values = [];
    for (let from = 0; from < rows.length; from += rowLength) {
      if (rows[from] === nobody) continue;
      const at = this.#freePlace(rows[from]!, rows[from + 1]!);
      for (let one = 0; one < rowLength; one++) this.rows[at + one] = rows[from + one]!;
      this.#values[at / rowLength] = values[from / rowLength];
    }
  }

  #freePlace(from: number, to: number): number {
    const mask = this.rows.length - 1;
    let at = placeOf(from, to) & mask;
    while (this.rows[at] !== nobody) at = (at + rowLength) & mask;
    return at;
  }
}

/** Where a row is looked for first, a multiple of its length; odd factors spread neighbouring numbers (Knuth 1973). */
function placeOf(from: number, to: number): number {
  const mixed = (Math.imul(from, 0x9e3779b1) + Math.imul(to, 0x85ebca6b)) | 0;
  return (mixed ^ (mixed >>> 15)) << 2;
}

function emptyRows(count: number): Int32Array {
  return new Int32Array(count * rowLength).fill(nobody);
}
