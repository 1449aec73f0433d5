/**
 * What is counted of one track in one time bucket: a row of numbers. Rows of a bucket stand in one array, so that
 * hundreds of thousands of them are cheap to keep and nothing is allocated for an observation. What every observation
 * touches comes first, as much as a line of the processor's cache holds.
 */
export const fields = {
  requests: 0,
  bytesSent: 1,
  bytesReceived: 2,
  latencySum: 3,
  latencyCount: 4,
  latencyMax: 5,
  lastSeen: 6,
  /** Requests whose path begins with `/api`. */
  apiRequests: 7,
  firstSeen: 8,
  clientErrors: 9,
  serverErrors: 10,
  clientGone: 11,
  transportFailures: 12,
  /** Requests of which nobody said whether they failed. */
  unjudged: 13,
} as const;

/** Numbers in a row: two cache lines. */
export const rowLength = 16;

const { latencyMax, firstSeen, lastSeen } = fields;
const sums = Object.values(fields).filter(
  (one) => ![latencyMax, firstSeen, lastSeen].some((no) => no === one),
);

/** Makes a row of zeros one to which nothing has been added. */
export function emptyRow(rows: Float64Array, at = 0): Float64Array {
  rows[at + firstSeen] = Infinity;
  rows[at + lastSeen] = -Infinity;
  return rows;
}

/** Adds a row of `from` to a row of `into`. */
export function addRow(into: Float64Array, to: number, from: ArrayLike<number>, at: number): void {
  for (const field of sums) into[to + field] = (into[to + field] as number) + (from[at + field] as number);
  into[to + latencyMax] = Math.max(into[to + latencyMax] as number, from[at + latencyMax] as number);
  into[to + firstSeen] = Math.min(into[to + firstSeen] as number, from[at + firstSeen] as number);
  into[to + lastSeen] = Math.max(into[to + lastSeen] as number, from[at + lastSeen] as number);
}
