import { tiers, type Entry } from './shelf.ts';

/** Minutes younger than this are never the first to go. */
const freshMs = 15 * 60_000;

/**
 * What has to go: what is too old; then, where the rest is more than `boundBytes`, old minutes first, since ten-minute
 * stretches tell of the same time, then the oldest of all.
 */
export function reliefOf(index: readonly Entry[], boundBytes: number, nowMs: number): Entry[] {
  const gone = index.filter(({ tier, startMs }) => startMs + tiers[tier].stepMs < nowMs - tiers[tier].keptMs);
  const rest = index.filter((one) => !gone.includes(one)).sort((a, b) => a.startMs - b.startMs);
  let bytes = rest.reduce((sum, one) => sum + one.bytes, 0);
  const old = rest.filter(({ tier, startMs }) => tier === 'minute' && startMs < nowMs - freshMs);
  for (const one of [...old, ...rest.filter((entry) => !old.includes(entry))]) {
    if (bytes <= boundBytes) break;
    gone.push(one);
    bytes -= one.bytes;
  }
  return gone;
}
