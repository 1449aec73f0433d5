/**
 * What is counted of one track in one time bucket: a row of numbers. Rows of a bucket stand in one array, so that
 * hundreds of thousands of them are cheap to keep and nothing is allocated for an observation.
 */
export const fields = {
  requests: 0,
  clientErrors: 1,
  serverErrors: 2,
  clientGone: 3,
  transportFailures: 4,
  bytesSent: 5,
  bytesReceived: 6,
  latencySum: 7,
  latencyCount: 8,
  /** Requests whose path begins with `/api`. */
  apiRequests: 9,
  /** Requests that said a status or failed: without any, nothing is known about errors. */
  judged: 10,
  latencyMax: 11,
  firstSeen: 12,
  lastSeen: 13,
} as const;

/** Numbers in a row. */
export const rowLength = 14;
/** The first so many are sums; then come the greatest latency and the two times. */
export const sums = 11;

/** A row to which nothing has been added. */
export function emptyRow(into = new Float64Array(rowLength), at = 0): Float64Array {
  into[at + fields.firstSeen] = Infinity;
  into[at + fields.lastSeen] = -Infinity;
  return into;
}

/** Adds a row of `from` to a row of `into`. */
export function addRow(into: Float64Array, to: number, from: ArrayLike<number>, at: number): void {
  for (let field = 0; field < sums; field++)
    into[to + field] = (into[to + field] as number) + (from[at + field] as number);
  const { latencyMax, firstSeen, lastSeen } = fields;
  into[to + latencyMax] = Math.max(into[to + latencyMax] as number, from[at + latencyMax] as number);
  into[to + firstSeen] = Math.min(into[to + firstSeen] as number, from[at + firstSeen] as number);
  into[to + lastSeen] = Math.max(into[to + lastSeen] as number, from[at + lastSeen] as number);
}
