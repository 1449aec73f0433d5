/** Beyond this the server's clock was set, or another server answers: follow at once. */
const steppedMs = 5_000;
/** Of a smaller difference, this share is followed per event, so that slow drift is taken up within a minute. */
const followed = 0.05;

/**
 * How far the registry's clock is ahead of this browser's monotonic clock, in milliseconds, after one more event.
 * Events only ever arrive late, so the largest difference seen is the truest; smaller ones are followed slowly.
 */
export function nextOffsetMs(
  previousMs: number | undefined,
  serverNowMs: number,
  monotonicMs: number,
): number {
  const candidate = serverNowMs - monotonicMs;
  if (previousMs === undefined || candidate >= previousMs) return candidate;
  const late = previousMs - candidate;
  return late > steppedMs ? candidate : previousMs - late * followed;
}
