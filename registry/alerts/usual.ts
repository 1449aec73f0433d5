import type { Baseline } from '@netring/contract/baseline';
import type { MemberPath } from '@netring/contract/path';

/** Those that see most of the network and least of what is at its end come first. */
const kindsByTrust = ['icmp', 'udp', 'tcp', 'http'] as const;

/** What a member path takes now, and what it usually does, by the kind of probe that is trusted most. */
export interface NowAndUsual {
  kind: string;
  nowMs: number;
  usualMs: number;
  spreadMs: number;
}

/** @param leastMinutes a baseline of less says too little; `undefined` then, and where nothing is timed */
export function nowAndUsual(
  { checks }: Pick<MemberPath, 'checks'>,
  baselines: readonly Baseline[],
  leastMinutes: number,
): NowAndUsual | undefined {
  for (const kind of kindsByTrust) {
    const nowMs = checks.find((check) => check.kind === kind)?.window.p50_ms;
    const base = baselines.find((one) => one.kind === kind && one.minutes >= leastMinutes);
    if (nowMs === undefined || base === undefined) continue;
    return { kind, nowMs, usualMs: base.median_ms, spreadMs: base.spread_ms };
  }
  return undefined;
}
