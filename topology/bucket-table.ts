/**
 * Which step of a growing staircase a number stands on, without asking for its logarithm. The upper bits of a double are
 * its exponent and the beginning of its mantissa, so that they cut each octave into 32 segments. A segment is narrower
 * than a step: at most one step begins within it, and one comparison says whether the number lies beyond that.
 */
export interface BucketTable {
  /** The step of a number from `least` to `most`. */
  bucketOf(value: number): number;
}

/** Bits of the mantissa that choose a segment: a 32nd of an octave is at most 3.1 % wide. */
const segmentBits = 5;
const shift = 20 - segmentBits;

/**
 * @param slow the step of a number as it is defined: never falling, and no two steps closer than 3.2 % of their value
 */
export function bucketTable(slow: (value: number) => number, least: number, most: number): BucketTable {
  const view = new DataView(new ArrayBuffer(8));
  const segmentOf = (value: number): number => {
    view.setFloat64(0, value);
    return view.getUint32(0) >>> shift;
  };
  const startOf = (segment: number): number => {
    view.setUint32(0, segment << shift);
    view.setUint32(4, 0);
    return view.getFloat64(0);
  };
  const first = segmentOf(least);
  const count = segmentOf(most) - first + 1;
  const buckets = new Uint16Array(count);
  /** The greatest number of each segment that still stands on the step that the segment begins with. */
  const limits = new Float64Array(count);
  for (let at = 0; at < count; at++) {
    const [from, to] = [startOf(first + at), startOf(first + at + 1)];
    buckets[at] = slow(from);
    limits[at] = slow(to) === buckets[at] ? to : lastOfStep(slow, from, to);
  }
  return {
    bucketOf(value) {
      const at = segmentOf(value) - first;
      return value > limits[at]! ? buckets[at]! + 1 : buckets[at]!;
    },
  };
}

/** The greatest number that stands on the same step as `from`; `to` stands on the next one. */
function lastOfStep(slow: (value: number) => number, from: number, to: number): number {
  const bucket = slow(from);
  let [below, above] = [from, to];
  for (;;) {
    const middle = below + (above - below) / 2;
    if (middle === below || middle === above) return below;
    if (slow(middle) === bucket) below = middle;
    else above = middle;
  }
}
