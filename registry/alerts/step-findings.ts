import type { LocationPath, MemberPath } from '@netring/contract/path';
import type { WorstStep } from '@netring/contract/trace';
import { arrow, figure, finding, pairOf, type Finding } from './finding.ts';
import type { Rule } from './rules.ts';
import type { Seen } from './seen.ts';
import { nowAndUsual } from './usual.ts';

/** A path counts as slow as it usually is up to a tenth above; and never by more than half of what is too much for a step. */
const usualShare = 0.1;
const leastMs = 2;

/**
 * A step that adds more than it may. A step that is slow by its length is so every day: where the whole path takes what it
 * usually takes, nothing was added to it, and its step is not told. What comes on top is told at once, since then the path is
 * no longer as usual.
 */
export function stepFindings(path: LocationPath, seen: Seen, rule: Rule): Finding[] {
  const highest = path.route?.worst_step;
  if (highest === undefined || highest.added_ms <= rule.threshold) return [];
  const worst = (rule.usualMinutes ?? 0) > 0 ? worstUnusual(path, seen, rule, highest) : highest;
  if (worst === undefined) return [];
  const where = `hop ${worst.ttl} (${worst.ip})`;
  const summary = `${where} on the way ${arrow(path.source, path.target)} adds ${figure(worst.added_ms)} ms`;
  const subject = { ...pairOf(path), hop_ip: worst.ip };
  const { threshold } = rule;
  return [finding({ rule: rule.name, subject, summary, value: worst.added_ms, threshold })];
}

/** The highest step of a member path that is not as it usually is. */
function worstUnusual(path: LocationPath, seen: Seen, rule: Rule, highest: WorstStep): WorstStep | undefined {
  const paths = seen.memberPathsOf(path).filter(({ route }) => route?.worst_step !== undefined);
  // Nobody says whose route it is.
  if (paths.length === 0) return highest;
  return paths
    .filter((one) => !isAsUsual(one, seen, rule))
    .flatMap(({ route }) => route?.worst_step ?? [])
    .filter(({ added_ms }) => added_ms > rule.threshold)
    .sort((a, b) => b.added_ms - a.added_ms)[0];
}

function isAsUsual(path: MemberPath, seen: Seen, { threshold, usualMinutes = 0 }: Rule): boolean {
  const found = nowAndUsual(path, seen.baselinesOf(path.source, path.target) ?? [], usualMinutes);
  if (found === undefined) return false;
  const { nowMs, usualMs, spreadMs } = found;
  const band = Math.max(3 * spreadMs, usualShare * usualMs, leastMs);
  return nowMs <= usualMs + Math.min(band, threshold / 2);
}
