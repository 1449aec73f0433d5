import type { LocationPath, MemberPath, PathCheck } from '@netring/contract/path';
import { checkKinds } from '@netring/contract/result';
import { arrow, figure, finding, percent, type Finding } from './finding.ts';
import type { Seen } from './seen.ts';

/** A single lost packet proves nothing. */
const leastLost = 2;
/** Flows that lose more than chance explains are told when it is this sure. */
const sureEnough = 0.99;
/** Of all loss, so much must be on one way to call it the way. */
const oneWay = 0.9;

type Way = 'forward' | 'return' | 'both' | undefined;

/**
 * Loss on a location path, as far as it is held against the path: where ICMP is filtered, or a member does not answer,
 * its packets are missing and the path is `ok`. Where the counters of the far end say that it is lost on the way back,
 * it is the way back that is told of, so that both ends speak of one and the same thing.
 */
export function lossFindings(path: LocationPath, seen: Seen, share: number): Finding[] {
  if (path.state !== 'degraded') return [];
  const paths = seen.memberPathsOf(path);
  const degraded = paths.filter(({ state }) => state === 'degraded');
  const udp = degraded.flatMap(({ checks }) => checks.filter(({ kind }) => kind === 'udp'));
  const worst = countsOf(paths)
    .filter(({ lost, sent }) => lost >= leastLost && lost / sent >= share)
    .sort((a, b) => b.lost / b.sent - a.lost / a.sent)[0];
  const flows = lossyFlows(udp);
  if (worst === undefined && flows === undefined) return [];
  const way = flows?.direction ?? wayOf(udp);
  const [from, to] = way === 'return' ? [path.target, path.source] : [path.source, path.target];
  const external = path.target_kind === 'external' ? { external: true } : {};
  const subject = { source_location: from, target_location: to, ...external };
  const isOneWay = way === 'forward' || way === 'return';
  const only = isOneWay ? ', on this way alone' : '';
  const value = worst === undefined ? (flows?.loss_ratio ?? 0) : worst.lost / worst.sent;
  const what =
    worst === undefined
      ? `${flows?.lossy} of ${flows?.count} flows lose ${percent(value)}`
      : `${percent(value)} lost (${figure(worst.lost)} of ${worst.sent}, ${worst.kind})`;
  const summary = `${arrow(from, to)} loses packets${only}: ${what}`;
  const known = isOneWay ? { way: 'known' as const } : way === undefined ? { way: 'unknown' as const } : {};
  return [finding({ rule: 'loss', subject, summary, value, threshold: share, ...known })];
}

/** What was sent on all member paths of a location path, and lost on those that are degraded, by kind. */
function countsOf(paths: readonly MemberPath[]): { kind: PathCheck['kind']; sent: number; lost: number }[] {
  return checkKinds.map((kind) => {
    const counts = { kind, sent: 0, lost: 0 };
    for (const { state, checks } of paths) {
      for (const check of checks) {
        if (check.kind !== kind || isExcused(check, checks)) continue;
        counts.sent += check.window.sent;
        if (state === 'degraded') counts.lost += check.window.lost;
      }
    }
    return counts;
  });
}

/** A kind that is silent while others are answered is filtered; what HTTP misses while TCP connects, the far end does. */
function isExcused({ kind, state }: PathCheck, checks: readonly PathCheck[]): boolean {
  if (kind === 'http') return checks.some((one) => one.kind === 'tcp');
  return kind !== 'tcp' && state === 'down';
}

/** The worst of what the flows say, as far as it is sure. */
function lossyFlows(udp: readonly PathCheck[]): PathCheck['flows'] {
  return udp
    .flatMap(({ flows }) => flows ?? [])
    .filter(({ lossy, confidence }) => lossy > 0 && (confidence ?? 0) >= sureEnough)
    .sort((a, b) => (b.loss_ratio ?? 0) - (a.loss_ratio ?? 0))[0];
}

/** On which way it is lost, by the counters at the far end. */
function wayOf(udp: readonly PathCheck[]): Way {
  const forward = udp.reduce((sum, one) => sum + (one.forward_lost ?? 0), 0);
  const back = udp.reduce((sum, one) => sum + (one.return_lost ?? 0), 0);
  if (forward + back < leastLost) return undefined;
  if (forward >= oneWay * (forward + back)) return 'forward';
  return back >= oneWay * (forward + back) ? 'return' : 'both';
}
