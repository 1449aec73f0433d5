/** How much a receiver had got at one moment of its own clock. */
export interface Progress {
  atMs: number;
  bytes: number;
}

/** What the progress of one direction says so far. */
export type Flatness =
  | { kind: 'rising' }
  /** Slow start is over; `bytesPerMs` is the rate since `fromMs`, not yet steady, or not for long enough. */
  | { kind: 'unsteady'; bytesPerMs: number; fromMs: number }
  | { kind: 'flat'; bytesPerMs: number; fromMs: number };

/** A shorter stretch says more about the moment than about the path. */
const shortestFlatMs = 1200;
/** Losses are repaired within a few round trips: the stretch has to be long against that. */
const flatRoundTrips = 14;
/** Two looks at the rate, half a stretch apart, that differ by less are one rate. */
const steadyShare = 0.03;
/** Of the line over a stretch so much must have come on the whole: else the path stood idle, and no line holds. */
const filledShare = 0.8;

/**
 * Looks for the flat part of a transfer: behind slow start, long against the round trip, and steady.
 *
 * @param rttMs round trip under load
 */
export function flatness(progress: readonly Progress[], rttMs: number): Flatness {
  const nowMs = progress.at(-1)?.atMs ?? 0;
  const startMs = slowStartEndMs(progress, rttMs);
  if (startMs === undefined || nowMs - startMs < shortestFlatMs / 2) return { kind: 'rising' };
  const lengthMs = Math.max(shortestFlatMs, flatRoundTrips * rttMs);
  const fromMs = Math.max(startMs, nowMs - lengthMs);
  const stretch = progress.filter(({ atMs }) => atMs >= fromMs);
  const bytesPerMs = lineOver(stretch);
  const unsteady = { kind: 'unsteady', bytesPerMs, fromMs } as const;
  if (nowMs - 1.5 * lengthMs < startMs) return unsteady;
  const beforeMs = nowMs - lengthMs / 2;
  const earlier = progress.filter(({ atMs }) => atMs >= beforeMs - lengthMs && atMs <= beforeMs);
  const before = lineOver(earlier);
  const isSteady = Math.abs(bytesPerMs - before) <= steadyShare * bytesPerMs;
  if (!isSteady || meanOver(stretch) < filledShare * bytesPerMs) return unsteady;
  // What was held back before a stretch began and comes within it makes it look faster than the path is, never slower.
  const whole = lineOver(progress.filter(({ atMs }) => atMs >= beforeMs - lengthMs));
  return { kind: 'flat', bytesPerMs: Math.min(bytesPerMs, before, whole), fromMs };
}

/** When the rate had come near what it was to be, and what that stirred up had settled. */
function slowStartEndMs(progress: readonly Progress[], rttMs: number): number | undefined {
  const windowMs = Math.max(150, 2 * rttMs);
  const rates = ratesOver(progress, windowMs);
  // Not the highest: what was held back behind a loss comes in a burst.
  const sorted = rates.map(({ bytesPerMs }) => bytesPerMs).sort((x, y) => x - y);
  const high = sorted[Math.floor(0.9 * sorted.length)] ?? 0;
  const near = rates.find(({ bytesPerMs }) => bytesPerMs >= 0.85 * high);
  return near === undefined || high === 0 ? undefined : near.atMs + Math.max(200, 4 * rttMs);
}

function ratesOver(progress: readonly Progress[], windowMs: number): { atMs: number; bytesPerMs: number }[] {
  const rates: { atMs: number; bytesPerMs: number }[] = [];
  let first = 0;
  for (const now of progress) {
    while (now.atMs - (progress[first + 1]?.atMs ?? Infinity) >= windowMs) first++;
    const then = progress[first] as Progress;
    const tookMs = now.atMs - then.atMs;
    if (tookMs >= windowMs) rates.push({ atMs: now.atMs, bytesPerMs: (now.bytes - then.bytes) / tookMs });
  }
  return rates;
}

/**
 * The rate at which bytes *arrived*, bytes a millisecond. What has arrived behind a lost packet is handed over only when
 * that packet has come again, so progress is never ahead of what arrived, and at times behind: the truth is the line
 * that touches progress from above, early and late in the stretch. (It is the edge of the upper convex hull across the
 * middle of the stretch.)
 */
export function lineOver(stretch: readonly Progress[]): number {
  const third = Math.floor(0.4 * stretch.length);
  if (third < 1) return 0;
  let slope = meanOver(stretch);
  for (let round = 0; round < 8; round++) {
    const early = highestAbove(stretch.slice(0, third), slope);
    const late = highestAbove(stretch.slice(-third), slope);
    const next = (late.bytes - early.bytes) / (late.atMs - early.atMs);
    if (Math.abs(next - slope) <= 1e-6 * slope) break;
    slope = next;
  }
  return Math.max(0, slope);
}

function highestAbove(points: readonly Progress[], slope: number): Progress {
  const above = (point: Progress) => point.bytes - slope * point.atMs;
  return points.reduce((best, point) => (above(point) > above(best) ? point : best));
}

/** Bytes a millisecond from the first to the last of `stretch`. */
export function meanOver(stretch: readonly Progress[]): number {
  const [first, last] = [stretch[0], stretch.at(-1)];
  if (first === undefined || last === undefined || last.atMs <= first.atMs) return 0;
  return (last.bytes - first.bytes) / (last.atMs - first.atMs);
}

/** Megabits (10^6) a second. */
export function mbpsOf(bytesPerMs: number): number {
  return Math.round(bytesPerMs * 8) / 1000;
}
