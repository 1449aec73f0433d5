import type { RuleName } from '@netring/contract/alert';
import type { LocationPath, MemberPath } from '@netring/contract/path';
import { arrow, figure, finding, pairOf, type Finding } from './finding.ts';
import { lossFindings } from './loss-findings.ts';
import type { Rule, Rules } from './rules.ts';
import type { Seen } from './seen.ts';
import { slownessFindings } from './slowness-findings.ts';
import { stepFindings } from './step-findings.ts';

/** A change of route is told so long. */
export const routeChangeToldMs = 600_000;

/** What is wrong with a location path; for one that is down in part, with its member paths. */
export function pathFindings(path: LocationPath, seen: Seen, rules: Rules): Finding[] {
  const found: Finding[] = [];
  const when = (name: RuleName, look: (rule: Rule) => Finding[]) => {
    const rule = rules.get(name);
    if (rule !== undefined) found.push(...look(rule));
  };
  when('connectivity_down', () => connectivity(path, seen));
  if (path.state !== 'down' && path.state !== 'unknown') {
    when('loss', (rule) => lossFindings(path, seen, rule.threshold));
    when('latency_above_baseline', (rule) => slownessFindings(path, seen, rule.threshold));
  }
  when('low_bandwidth', (rule) => bandwidth(path, rule.threshold));
  when('high_hop_latency', (rule) => stepFindings(path, seen, rule));
  return found;
}

/** Routes that changed a little while ago. */
export function routeFindings({ routeChanges, nowMs }: Seen): Finding[] {
  return routeChanges
    .filter(({ at_ms }) => nowMs - at_ms < routeChangeToldMs)
    .map(({ source, source_location, target, target_location, before, after }) =>
      finding({
        rule: 'route_changed',
        subject: { source_location, target_location, source, target },
        summary: `the route ${arrow(source, target)} changed: it had ${before.hops.length} hops and has ${after.hops.length}`,
      }),
    );
}

/** Within a location members are told one by one: "us1 does not reach us1" would help nobody. */
export function toldByMembers(path: LocationPath): boolean {
  return path.state !== 'down' || path.source === path.target;
}

function connectivity(path: LocationPath, seen: Seen): Finding[] {
  if (path.paths.down === 0) return [];
  if (toldByMembers(path)) {
    return seen
      .memberPathsOf(path)
      .filter(({ state, proved }) => state === 'down' && proved)
      .map((one) => memberDown(one));
  }
  const why = path.reasons.find((reason) => !reason.includes('member paths are')) ?? '';
  const summary = `${arrow(path.source, path.target)} is down${why === '' ? '' : `: ${why}`}`;
  return [finding({ rule: 'connectivity_down', subject: pairOf(path), summary })];
}

function memberDown(path: MemberPath): Finding {
  const { source, source_location, target, target_location, target_kind } = path;
  const external = target_kind === 'external';
  const why = path.reasons[0] === undefined ? '' : `: ${path.reasons[0]}`;
  return finding({
    rule: 'connectivity_down',
    subject: { source_location, target_location, source, target, ...(external ? { external } : {}) },
    summary: `${arrow(source, external ? target_location : target)} is down${why}`,
  });
}

/** Both ways, each as the path that it is. Only the network's own limit counts: neither the sender's nor the receiver's. */
function bandwidth(
  { source, target, target_kind, bandwidth: rates }: LocationPath,
  least: number,
): Finding[] {
  if (rates === undefined || target_kind === 'external') return [];
  const ways = [
    { from: source, to: target, mbps: rates.forward_mbps },
    { from: target, to: source, mbps: rates.return_mbps },
  ];
  return ways.flatMap(({ from, to, mbps }) =>
    mbps === undefined || mbps >= least
      ? []
      : finding({
          rule: 'low_bandwidth',
          subject: { source_location: from, target_location: to },
          summary: `${arrow(from, to)} carries ${figure(mbps)} Mbit/s, less than ${figure(least)}`,
          value: mbps,
          threshold: least,
        }),
  );
}
