/** A token bucket: `perSecond` in the long run, `burst` at once. */
export function createRateLimit(
  limit: { perSecond: number; burst: number },
  now: () => number,
): () => boolean {
  let left = limit.burst;
  let lastMs = now();
  return () => {
    const nowMs = now();
    left = Math.min(limit.burst, left + ((nowMs - lastMs) / 1000) * limit.perSecond);
    lastMs = nowMs;
    if (left < 1) return false;
    left--;
    return true;
  };
}
