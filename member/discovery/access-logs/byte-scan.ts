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
 * The first quote or backslash from `start` on; `end` when there is none. Four bytes at a time: a byte of a word is zero
 * exactly when taking one from it borrows (Mycroft 1987).
 */
export function quoteOrBackslash(bytes: Buffer, view: DataView, start: number, end: number): number {
  let at = start;
  for (; at + 4 <= end; at += 4) {
    const word = view.getInt32(at, true);
    const a = word ^ quotes;
    const b = word ^ backslashes;
    if (((((a - ones) & ~a) | ((b - ones) & ~b)) & highBits) !== 0) break;
  }
  for (; at < end; at++) {
    const byte = bytes[at]!;
    if (byte === quote || byte === backslash) return at;
  }
  return end;
}

/** Where the text in quotes that begins at `start` ends (the closing quote); -1 when it does not. `\"` is within it. */
export function endOfQuoted(bytes: Buffer, view: DataView, start: number, end: number): number {
  let at = quoteOrBackslash(bytes, view, start, end);
  while (at < end && bytes[at] === backslash) at = quoteOrBackslash(bytes, view, at + 2, end);
  return at < end ? at : -1;
}

/** A text to compare with, four bytes at a time. */
export interface ByteText {
  length: number;
  words: Int32Array;
  /** The last up to three bytes. */
  rest: Uint8Array;
}

export function byteText(text: Uint8Array): ByteText {
  const view = new DataView(text.buffer, text.byteOffset, text.length);
  const words = Int32Array.from({ length: text.length >> 2 }, (_, at) => view.getInt32(4 * at, true));
  return { length: text.length, words, rest: Uint8Array.from(text.subarray(4 * words.length)) };
}

/** Whether that text stands at `start`. */
export function isAt(bytes: Buffer, view: DataView, start: number, end: number, text: ByteText): boolean {
  if (end - start < text.length) return false;
  const { words, rest } = text;
  let at = start;
  for (let word = 0; word < words.length; word++, at += 4)
    if (view.getInt32(at, true) !== words[word]) return false;
  for (let one = 0; one < rest.length; one++, at++) if (bytes[at] !== rest[one]) return false;
  return true;
}
