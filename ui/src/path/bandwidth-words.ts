import type { BandwidthOfPath, BandwidthResult, Direction } from '@netring/contract/bandwidth';
import { counted, latencyText, rateText } from '../words/measure.ts';

type Valid = NonNullable<BandwidthOfPath['forward']>;

/** What is known of one direction's bandwidth. */
export interface BandwidthView {
  direction: Direction;
  /** The newest valid rate, and when it was found (epoch milliseconds). */
  rate?: string;
  atMs?: number;
  /** What bounded it. Only the path says anything about the network. */
  limitedBy?: string;
  /** Whether the rate is the path's own, and not that of an end or of the budget. */
  ofPath: boolean;
  /** Round trip idle and under load. */
  queue?: string;
  /** How it was measured. */
  effort?: string;
  /** Why the newest test told no number; absent when it did. */
  inconclusive?: string;
}

const limits = {
  path: 'limited by the path',
  sender: 'limited by the sender: the path may carry more',
  receiver: 'limited by the receiver: the path may carry more',
  cap: 'ended by the byte budget: the path may carry more',
} as const;

/** Both directions, forward first. */
export function bandwidthViews(bandwidth: BandwidthOfPath): BandwidthView[] {
  return (['forward', 'return'] as const).map((direction) => {
    const valid = bandwidth[direction];
    const newest = bandwidth.latest?.results?.find((one) => one.direction === direction);
    return {
      direction,
      ofPath: valid?.limited_by === 'path',
      ...(valid && shownResult(valid)),
      ...(newest !== undefined && newest.outcome !== 'ok' && { inconclusive: why(newest) }),
    };
  });
}

/** Why the newest test was not made, and when it was to be (epoch milliseconds); `undefined` when it was made. */
export function skippedTest({ skipped }: BandwidthOfPath): { why: string; atMs: number } | undefined {
  return skipped?.skipped === undefined ? undefined : { why: skipped.skipped, atMs: skipped.at_ms };
}

function shownResult(result: Valid): Partial<BandwidthView> {
  const { mbps, limited_by: limit, idle_rtt_ms: idle, loaded_rtt_ms: loaded, at_ms: atMs } = result;
  return {
    atMs,
    effort: effort(result),
    ...(mbps !== undefined && { rate: rateText(mbps) }),
    ...(limit !== undefined && { limitedBy: limits[limit] }),
    ...(idle !== undefined && loaded !== undefined && { queue: queue(idle, loaded) }),
  };
}

function queue(idle: number, loaded: number): string {
  const more = loaded - idle;
  const added = more > Math.max(1, idle * 0.1) ? ` (+${latencyText(more)})` : '';
  return `${latencyText(idle)} idle, ${latencyText(loaded)} under load${added}`;
}

function effort({ bytes, seconds, streams }: BandwidthResult): string {
  return `${bytesText(bytes)} in ${seconds.toFixed(1)} s over ${counted(streams, 'stream')}`;
}

function bytesText(bytes: number): string {
  return bytes < 1e6 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}

function why({ outcome, reason }: BandwidthResult): string {
  return reason === undefined ? outcome : `${outcome}: ${reason}`;
}
