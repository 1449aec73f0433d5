/** Milliseconds to the microsecond, which is finer than anything measured here and half as long to send. */
export function roundedMs(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
