import type { PathUnder } from '@netring/contract/graph';

/** The path under a dependency, and what only blame asks of it. */
export interface Laid {
  under: PathUnder;
  /** Round trip of the newest results rather than of the last minute, which takes half a minute to see a step. */
  newestMs?: number;
  /** When that result was complete, epoch milliseconds. */
  newestAtMs?: number;
  /** Packets of the last minute. */
  sent: number;
  lost: number;
  /** Whether TCP to the far end connects as it should; absent where it is not tried. */
  tcpFine?: boolean;
  /** The members whose path it is. */
  pair?: { source: string; target: string };
}
