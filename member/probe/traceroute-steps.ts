import type { Hop, WorstStep } from '@netring/contract/trace';
import { roundedMs } from './rounded.ts';

/** Below this a step is no different from the next measurement of it: clocks, wakeups and queues of a calm path. */
const noiseMs = 0.3;

/** A router that answers so much later than it forwards has not shown how far away it is. */
const lateMs = 1;
/** Unless that is little of what its step would add: then it is no coincidence that they nearly agree. */
const lateShare = 0.25;

/**
 * What each step adds, as far as it persists to the target. The round trip to a hop is at least what it takes to get
 * there; what it is above that of any later hop is the router's own slowness in answering, or its way back, and
 * concerns nobody who is only forwarded. So the *lower envelope* is taken: from the target backwards, the least round
 * trip of this hop and all behind it. Its differences are what the steps add; they sum up to the target's round trip.
 *
 * A hop that is silent, or answers late, has not shown where it stands: the next one that has carries what all these
 * steps add together. Without an answer of the target nothing is known to persist, and nothing is said.
 */
export function withSteps(hops: readonly Hop[], reached: boolean): Hop[] {
  if (!reached) return [...hops];
  const envelope = envelopeOf(hops);
  let beforeMs = 0;
  return hops.map((hop, at) => {
    const hereMs = envelope[at] ?? beforeMs;
    const stepMs = Math.max(0, hereMs - beforeMs);
    if (leastOf(hop) - hereMs > Math.max(lateMs, lateShare * stepMs)) return hop;
    beforeMs = hereMs;
    return { ...hop, added_ms: roundedMs(stepMs) };
  });
}

/** The least round trip to a hop; infinite when it is silent. */
function leastOf(hop: Hop): number {
  return Math.min(Infinity, ...hop.answers.map(({ min_ms }) => min_ms));
}

/** For each hop the least round trip from there on. */
function envelopeOf(hops: readonly Hop[]): number[] {
  const envelope: number[] = [];
  let leastMs = Infinity;
  for (let at = hops.length - 1; at >= 0; at--) {
    leastMs = Math.min(leastMs, leastOf(hops[at] as Hop));
    envelope[at] = leastMs;
  }
  return envelope;
}

/**
 * The step that adds most. Where hops before it have not shown where they stand nobody knows which of the steps it was: each is taken to
 * have added its equal share, which is the least that the slowest of them can have added, so that no step is called
 * slower than it has been shown to be. `undefined` when nothing was added that is above the noise.
 */
export function worstStepOf(hops: readonly Hop[]): WorstStep | undefined {
  let worst: WorstStep | undefined;
  let steps = 0;
  for (const hop of hops) {
    steps++;
    const first = hop.answers[0];
    if (hop.added_ms === undefined || first === undefined) continue;
    const added_ms = roundedMs(hop.added_ms / steps);
    if (added_ms >= noiseMs && added_ms > (worst?.added_ms ?? 0)) {
      const quickest = hop.answers.reduce((a, b) => (b.min_ms < a.min_ms ? b : a), first);
      worst = { ttl: hop.ttl, ip: quickest.ip, added_ms };
    }
    steps = 0;
  }
  return worst;
}
