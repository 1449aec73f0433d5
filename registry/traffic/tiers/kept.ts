import type { StretchSummary, WindowsAnswer } from '@netring/contract/topology';
import { tiers, type Entry, type Tier } from './shelf.ts';

const coarsestFirst: readonly Tier[] = ['ten', 'minute', 'slot'];

/** Which times are kept, how finely, and what went on in them: each moment once, at the finest that tells all of it. */
export function keptOf(index: readonly Entry[], nowMs: number): WindowsAnswer {
  const kept = index.filter(
    ({ tier, startMs }) => startMs + tiers[tier].stepMs >= nowMs - tiers[tier].keptMs,
  );
  const of = (tier: Tier) => kept.filter((one) => one.tier === tier);
  const stretches = coarsestFirst.reduce<StretchSummary[]>(
    (coarse, tier) =>
      finer(
        coarse,
        of(tier).flatMap(({ summary }) => summary ?? []),
      ),
    [],
  );
  return {
    now_ms: nowMs,
    resolutions: [...coarsestFirst].reverse().map((tier) => resolutionOf(tier, of(tier))),
    stretches: stretches.sort((a, b) => a.start_ms - b.start_ms),
  };
}

/** Of a longer stretch or of those within it what tells more: the oldest within it are only a rest, and some came too late. */
function finer(coarse: readonly StretchSummary[], fine: readonly StretchSummary[]): StretchSummary[] {
  const within = new Map<StretchSummary, StretchSummary[]>(coarse.map((one) => [one, []]));
  const alone: StretchSummary[] = [];
  const byStart = new Map(coarse.map((one) => [one.start_ms, one]));
  const steps = [...new Set(coarse.map(({ duration_ms }) => duration_ms))];
  for (const one of fine) {
    const around = steps
      .map((step) => byStart.get(Math.floor(one.start_ms / step) * step))
      .find((it) => it !== undefined && it.start_ms + it.duration_ms >= one.start_ms + one.duration_ms);
    if (around === undefined) alone.push(one);
    else within.get(around)?.push(one);
  }
  const told = [...within].flatMap(([whole, parts]) => {
    const requests = parts.reduce((sum, one) => sum + one.requests, 0);
    return parts.length > 0 && requests >= whole.requests ? parts : [whole];
  });
  return [...told, ...alone];
}

function resolutionOf(tier: Tier, entries: readonly Entry[]): WindowsAnswer['resolutions'][number] {
  const { stepMs, keptMs } = tiers[tier];
  const starts = entries.map(({ startMs }) => startMs);
  return {
    resolution_ms: stepMs,
    kept_ms: keptMs,
    ...(starts.length > 0 && {
      from_ms: starts.reduce((a, b) => Math.min(a, b)),
      to_ms: starts.reduce((a, b) => Math.max(a, b)) + stepMs,
    }),
  };
}
