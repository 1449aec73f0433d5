import type { LocationPath, MemberPath } from '@netring/contract/path';
import { arrow, figure, finding, pairOf, type Finding } from './finding.ts';
import type { Seen } from './seen.ts';
import { nowAndUsual } from './usual.ts';

/** A baseline of less says little of what is usual. */
const leastMinutes = 60;

interface Slow {
  kind: string;
  nowMs: number;
  usualMs: number;
  allowedMs: number;
}

/** A location path one of whose member paths is slower than it usually is; told by the one that is most above itself. */
export function slownessFindings(path: LocationPath, seen: Seen, share: number): Finding[] {
  // What is that much slower than usual is no longer ok.
  if (path.state !== 'degraded') return [];
  const slow = seen.memberPathsOf(path).flatMap((one) => slownessOf(one, seen, share) ?? []);
  const worst = slow.sort((a, b) => b.nowMs / b.usualMs - a.nowMs / a.usualMs)[0];
  if (worst === undefined) return [];
  const { kind, nowMs, usualMs, allowedMs } = worst;
  const summary = `${arrow(path.source, path.target)} takes ${figure(nowMs)} ms (${kind}), usually ${figure(usualMs)} ms`;
  const rule = 'latency_above_baseline';
  return [finding({ rule, subject: pairOf(path), summary, value: nowMs, threshold: allowedMs })];
}

function slownessOf(path: MemberPath, seen: Seen, share: number): Slow | undefined {
  const found = nowAndUsual(path, seen.baselinesOf(path.source, path.target) ?? [], leastMinutes);
  if (found === undefined) return undefined;
  const { kind, nowMs, usualMs, spreadMs } = found;
  const allowedMs = usualMs + Math.max(3 * spreadMs, share * usualMs, 2);
  return nowMs > allowedMs ? { kind, nowMs, usualMs, allowedMs } : undefined;
}
