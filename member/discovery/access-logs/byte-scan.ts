/** A view of a buffer, made once for as long as the same buffer is asked for. */
export type ViewOf = (bytes: Buffer) => DataView;

export function viewsOfBuffers(): ViewOf {
  let last: Buffer | undefined;
  let view: DataView = new DataView(new ArrayBuffer(0));
  return (bytes) => {
    if (bytes !== last) {
      last = bytes;
      view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    }
    return view;
  };
}

const [quote, backslash] = [0x22, 0x5c];
const [quotes, backslashes, ones, highBits] = [0x22222222, 0x5c5c5c5c, 0x01010101, 0x80808080];

/**
 * The first quote or backslash from `start` on; `end` when there is none. Eight bytes at a time, since each turn of a
 * loop costs more than what it does: a byte of a word is zero exactly when taking one from it borrows (Mycroft 1987).
 */
export function quoteOrBackslash(bytes: Buffer, view: DataView, start: number, end: number): number {
  let at = start;
  // What lies behind the end may be looked at, and does not count.
  for (const last = Math.min(end - 1, bytes.length - 8); at <= last; at += 8) {
    const first = zeros(view.getInt32(at, true));
    if (first !== 0) return Math.min(end, at + lowestByte(first));
    const second = zeros(view.getInt32(at + 4, true));
    if (second !== 0) return Math.min(end, at + 4 + lowestByte(second));
  }
  for (; at < end; at++) {
    const byte = bytes[at]!;
    if (byte === quote || byte === backslash) return at;
  }
  return end;
}

/** The first byte of that value (below 128) from `start` on; `end` when there is none. Eight bytes at a time, likewise. */
export function indexOfByte(
  bytes: Buffer,
  view: DataView,
  start: number,
  end: number,
  wanted: number,
): number {
  const wantedFour = Math.imul(wanted, ones);
  let at = start;
  for (const last = Math.min(end - 1, bytes.length - 8); at <= last; at += 8) {
    const a = view.getInt32(at, true) ^ wantedFour;
    const b = view.getInt32(at + 4, true) ^ wantedFour;
    const first = (a - ones) & ~a & highBits;
    if (first !== 0) return Math.min(end, at + lowestByte(first));
    const second = (b - ones) & ~b & highBits;
    if (second !== 0) return Math.min(end, at + 4 + lowestByte(second));
  }
  for (; at < end; at++) if (bytes[at] === wanted) return at;
  return end;
}

/** The high bit of each byte that is a quote or a backslash; of those above the lowest such byte not always rightly. */
function zeros(word: number): number {
  const a = word ^ quotes;
  const b = word ^ backslashes;
  return (((a - ones) & ~a) | ((b - ones) & ~b)) & highBits;
}

/** Which byte of a word, counted from the lowest, has the lowest bit that is set. */
function lowestByte(word: number): number {
  return (31 - Math.clz32(word & -word)) >>> 3;
}

/** Where the text in quotes that begins at `start` ends (the closing quote); -1 when it does not. `\"` is within it. */
export function endOfQuoted(bytes: Buffer, view: DataView, start: number, end: number): number {
  let at = quoteOrBackslash(bytes, view, start, end);
  while (at < end && bytes[at] === backslash) at = quoteOrBackslash(bytes, view, at + 2, end);
  return at < end ? at : -1;
}

/** Whether so many bytes are the same in two places, eight at a time. */
export function isSame(a: DataView, at: number, b: DataView, from: number, length: number): boolean {
  let one = 0;
  for (; one + 8 <= length; one += 8) {
    const first = a.getInt32(at + one, true) ^ b.getInt32(from + one, true);
    const second = a.getInt32(at + one + 4, true) ^ b.getInt32(from + one + 4, true);
    if ((first | second) !== 0) return false;
  }
  if (one + 4 <= length) {
    if (a.getInt32(at + one, true) !== b.getInt32(from + one, true)) return false;
    one += 4;
  }
  if (one === length) return true;
  // The last few once more with some of those before them, where there are four.
  if (length >= 4) return a.getInt32(at + length - 4, true) === b.getInt32(from + length - 4, true);
  for (; one < length; one++) if (a.getUint8(at + one) !== b.getUint8(from + one)) return false;
  return true;
}

/** A number that hardly any two texts share, from their bytes and a secret; the secret keeps others from making them. */
export function hashOf(view: DataView, start: number, end: number, secret: number): number {
  let hash = secret ^ (end - start);
  let at = start;
  for (; at + 8 <= end; at += 8)
    hash = mixed(mixed(hash, view.getInt32(at, true)), view.getInt32(at + 4, true));
  if (at + 4 <= end) {
    hash = mixed(hash, view.getInt32(at, true));
    at += 4;
  }
  if (at === end) return hash;
  if (end - start >= 4) return mixed(hash, view.getInt32(end - 4, true));
  for (; at < end; at++) hash = mixed(hash, view.getUint8(at));
  return hash;
}

function mixed(hash: number, word: number): number {
  const product = Math.imul(hash ^ word, 0x2c1b3c6d);
  return product ^ (product >>> 15);
}
