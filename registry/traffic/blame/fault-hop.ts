import type { Hop, KeptTrace } from '@netring/contract/trace';

/** The hop from which on a path is slower than usual. */
export interface SlowHop {
  ttl: number;
  ip: string;
  /** Beyond what this step usually adds. */
  addedMs: number;
}

/** Less than half of what the path added is not the hop that explains it. */
const leastShare = 0.5;

/**
 * The step that adds most beyond what it usually does, of those whose addition persists to the target: a middle hop that
 * answers late alone has none. `undefined` when no step explains half of `addedMs`.
 *
 * @param usual the steps of an undisturbed trace, if there is one
 */
export function slowHop(
  now: readonly Hop[],
  usual: readonly Hop[] | undefined,
  addedMs: number,
): SlowHop | undefined {
  const before = new Map((usual ?? []).flatMap((hop) => stepsOf(hop).map((one) => [one.ip, one.addedMs])));
  const grown = now
    .flatMap(stepsOf)
    .map((one) => ({ ...one, addedMs: one.addedMs - (before.get(one.ip) ?? 0) }));
  const worst = grown.reduce<SlowHop | undefined>(
    (a, b) => (a === undefined || b.addedMs > a.addedMs ? b : a),
    undefined,
  );
  return worst !== undefined && worst.addedMs >= leastShare * addedMs ? worst : undefined;
}

function stepsOf({ ttl, answers, added_ms }: Hop): SlowHop[] {
  const ip = answers[0]?.ip;
  return added_ms === undefined || ip === undefined ? [] : [{ ttl, ip, addedMs: added_ms }];
}

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
