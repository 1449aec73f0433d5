import { tiers, type Entry } from './shelf.ts';

/** Minutes younger than this are never the first to go. */
const freshMs = 15 * 60_000;

const { stepMs: tenMs } = tiers.ten;

/**
 * What has to go: what is too old; then, where the rest is more than `boundBytes`, old minutes first, since ten-minute
 * stretches tell of the same time, and all that one of these tells of at once; then the oldest of all.
 */
export function reliefOf(index: readonly Entry[], boundBytes: number, nowMs: number): Entry[] {
  const gone = index.filter(({ tier, startMs }) => startMs + tiers[tier].stepMs < nowMs - tiers[tier].keptMs);
  const rest = index.filter((one) => !gone.includes(one)).sort((a, b) => a.startMs - b.startMs);
  let bytes = rest.reduce((sum, one) => sum + one.bytes, 0);
  const old = new Map<number, Entry[]>();
  for (const one of rest) {
    const ofTenMs = tenOf(one);
    if (one.tier === 'minute' && ofTenMs + tenMs <= nowMs - freshMs)
      old.set(ofTenMs, [...(old.get(ofTenMs) ?? []), one]);
  }
  const others = rest.filter((one) => !old.get(tenOf(one))?.includes(one)).map((one) => [one]);
  for (const some of [...old.values(), ...others]) {
    if (bytes <= boundBytes) break;
    gone.push(...some);
    for (const one of some) bytes -= one.bytes;
  }
  return gone;
}

function tenOf({ startMs }: Entry): number {
  return Math.floor(startMs / tenMs) * tenMs;
}
