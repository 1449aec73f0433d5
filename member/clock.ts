/**
 * The monotonic clock, in milliseconds with fraction. All processes of one machine share it, so that agent and probe
 * process may compare what they read; no other machine's clock is ever compared with it.
 */
export function monotonicMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}
