import { endOfQuoted, viewsOfBuffers } from './byte-scan.ts';

const [space, quote, dash] = [0x20, 0x22, 0x2d];

/** The next space, or `end`. */
export function endOfWord(bytes: Buffer, start: number, end: number): number {
  let at = start;
  while (at < end && bytes[at] !== space) at++;
  return at;
}

/** The parts of `GET /users?id=1 HTTP/1.1`. */
export interface RequestLine {
  methodEnd: number;
  targetStart: number;
  targetEnd: number;
}

/** Reads a request line into `to`; false for what is none, such as the bytes of a TLS handshake. A target may hold spaces. */
export function readRequestLine(bytes: Buffer, start: number, end: number, to: RequestLine): boolean {
  const methodEnd = endOfWord(bytes, start, end);
  if (methodEnd === start || methodEnd >= end) return false;
  let last = end - 1;
  while (last > methodEnd && bytes[last] !== space) last--;
  if (last <= methodEnd + 1) return false;
  to.methodEnd = methodEnd;
  to.targetStart = methodEnd + 1;
  to.targetEnd = last;
  return true;
}

/** Where the words and quoted texts of a line begin and end; texts in quotes and brackets without these. */
export class Words {
  readonly starts = new Int32Array(64);
  readonly ends = new Int32Array(64);
  count = 0;
  readonly #viewOf = viewsOfBuffers();

  /** False when a quote does not end. What lies beyond the 64th word is left out. */
  read(bytes: Buffer, start: number, end: number): boolean {
    this.count = 0;
    const view = this.#viewOf(bytes);
    let at = start;
    while (at < end && this.count < 64) {
      if (bytes[at] === space) {
        at++;
        continue;
      }
      const isQuoted = bytes[at] === quote;
      const from = isQuoted ? at + 1 : at;
      const to = isQuoted ? endOfQuoted(bytes, view, from, end) : endOfWord(bytes, from, end);
      if (to < 0) return false;
      this.starts[this.count] = from;
      this.ends[this.count++] = to;
      at = to + 1;
    }
    return true;
  }

  /** Whether the word is missing, empty or `-`. */
  isNothing(bytes: Buffer, word: number): boolean {
    if (word >= this.count) return true;
    const length = this.ends[word]! - this.starts[word]!;
    return length === 0 || (length === 1 && bytes[this.starts[word]!] === dash);
  }
}
