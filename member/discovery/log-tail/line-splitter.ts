/** Where lines go: from `start` to before `end` in `bytes`, without the newline. Valid during the call only. */
export type LineSink = (bytes: Buffer, start: number, end: number) => void;

export interface LineSplitter {
  /** Room for what is read next; fill it from its beginning and say how much with {@link took}. Never empty. */
  room(): Buffer;
  /** That many bytes were put into the room: hands on every line that is whole now. */
  took(count: number): void;
  /** Hands on what is there without a newline, since no more will come. */
  finish(): void;
  /** Forgets the half-read line; true when there was one. */
  forget(): boolean;
  /** What comes up to the next newline is the rest of a line whose beginning was not read: leaves it out. */
  skipRest(): void;
}

export interface LineSplitterOptions {
  onLine: LineSink;
  /** A line was longer than `longestLine` and is left out. */
  onTooLong: () => void;
  /** Bytes. */
  longestLine: number;
  /** How much is read at once, bytes. */
  chunkBytes: number;
}

const [newline, carriageReturn] = [0x0a, 0x0d];

/**
 * Cuts what is read into lines, in one buffer that is as large as one read, and larger only while a line needs it:
 * up to `longestLine` and one read. A carriage return before the newline is left out; empty lines are, too.
 */
export function lineSplitter({
  onLine,
  onTooLong,
  longestLine,
  chunkBytes,
}: LineSplitterOptions): LineSplitter {
  let buffer = Buffer.allocUnsafe(chunkBytes);
  let length = 0;
  /** Up to where no newline was found. */
  let looked = 0;
  let isSkipping = false;

  const hand = (start: number, end: number): void => {
    const last = end > start && buffer[end - 1] === carriageReturn ? end - 1 : end;
    // Programs that go on writing at their old place after a truncation leave a hole of NULs there.
    let first = start;
    while (first < last && buffer[first] === 0) first++;
    if (first < last) onLine(buffer, first, last);
  };
  const keep = (from: number): void => {
    const rest = length - from;
    if (buffer.length > chunkBytes && rest <= chunkBytes / 2) {
      const smaller = Buffer.allocUnsafe(chunkBytes);
      buffer.copy(smaller, 0, from, length);
      buffer = smaller;
    } else if (from > 0) buffer.copyWithin(0, from, length);
    length = rest;
    looked = rest;
  };
  const tooLong = (): void => {
    if (!isSkipping) onTooLong();
    isSkipping = true;
    length = 0;
    keep(0);
  };

  return {
    room() {
      // Small reads cost as much as large ones.
      if (buffer.length - length < chunkBytes / 4) {
        const larger = Buffer.allocUnsafe(Math.min(buffer.length * 2, longestLine + chunkBytes));
        buffer.copy(larger, 0, 0, length);
        buffer = larger;
      }
      return buffer.subarray(length);
    },
    took(count) {
      length += count;
      const filled = buffer.subarray(0, length);
      let start = 0;
      for (let end = filled.indexOf(newline, looked); end >= 0; end = filled.indexOf(newline, start)) {
        if (isSkipping) isSkipping = false;
        else if (end - start > longestLine) onTooLong();
        else hand(start, end);
        start = end + 1;
      }
      keep(start);
      if (isSkipping || length > longestLine) tooLong();
    },
    finish() {
      if (!isSkipping && length > 0) hand(0, length);
      isSkipping = false;
      length = looked = 0;
    },
    forget() {
      const was = length > 0 || isSkipping;
      isSkipping = false;
      length = looked = 0;
      return was;
    },
    skipRest() {
      isSkipping = true;
    },
  };
}
