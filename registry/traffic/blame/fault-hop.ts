import type { KeptTrace } from '@netring/contract/trace';

/** What came back of one distance, over all traces since trouble began. */
export interface HopReplies {
  ttl: number;
  ip: string | undefined;
  sent: number;
  received: number;
}

/** Routers answer about once a second: fewer replies say nothing of loss. */
export const leastReplies = 100;

/**
 * The hop from which on a path loses: it, and every hop behind it that answers, loses at least half of what the target
 * does. `undefined` where too few replies came; a middle hop that loses alone limits its answers and blames nobody.
 */
export function lossyHop(hops: readonly HopReplies[]): HopReplies | undefined {
  const heard = hops.filter(
    ({ ip, sent, received }) => ip !== undefined && received > 0 && sent >= leastReplies,
  );
  const target = heard.at(-1);
  if (target === undefined || target.ttl !== hops.at(-1)?.ttl) return undefined;
  const least = lossOf(target) / 2;
  if (lossOf(target) < 0.01) return undefined;
  const from = heard.findLastIndex((one) => lossOf(one) < least);
  return heard[from + 1];
}

function lossOf({ sent, received }: HopReplies): number {
  return 1 - Math.min(1, received / sent);
}

/** Adds a trace to what came back so far; a new route begins anew. */
export function addTrace(hops: readonly HopReplies[], trace: KeptTrace): HopReplies[] {
  return trace.hops.map(({ ttl, sent, answers }) => {
    const ip = answers[0]?.ip;
    const before = hops.find((one) => one.ttl === ttl && (one.ip === ip || ip === undefined));
    const received = answers.reduce((sum, one) => sum + one.received, 0);
    return {
      ttl,
      ip: ip ?? before?.ip,
      sent: sent + (before?.sent ?? 0),
      received: received + (before?.received ?? 0),
    };
  });
}
