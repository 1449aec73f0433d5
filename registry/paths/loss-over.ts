import { bucketMs } from '@netring/contract/report';
import { inWindow, type BucketTotals } from './window.ts';

/** So long without any loss is no pause of it. */
const leastCleanMs = 25_000;
/** A path that went on losing as before would show as few losses as none in fewer than one of a thousand such stretches. */
const leastConfidence = 0.999;

/**
 * Before which moment losses explain what was, not what is, by the trains of packets that were sent since: none of them lost,
 * and too many for that to be chance at the rate before. 0 where that cannot be told.
 *
 * @param buckets of `icmp` and `udp` of one path, in any order
 */
export function lossOverMs(buckets: readonly BucketTotals[], nowMs: number): number {
  let lastLossMs = 0;
  for (const one of buckets) if (one.lost > 0) lastLossMs = Math.max(lastLossMs, one.startedMs + bucketMs);
  if (lastLossMs === 0 || nowMs - lastLossMs < leastCleanMs) return 0;
  let [sent, lost, since] = [0, 0, 0];
  for (const one of buckets) {
    if (!inWindow(one, nowMs)) continue;
    if (one.startedMs >= lastLossMs) since += one.sent;
    else {
      sent += one.sent;
      lost += one.lost;
    }
  }
  if (sent === 0) return 0;
  return (1 - lost / sent) ** since <= 1 - leastConfidence ? lastLossMs : 0;
}
