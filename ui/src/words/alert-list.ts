import type { Alert, RuleName } from '@netring/contract/alert';

/** More alerts than this of one state are counted, not drawn. */
export const mostAlerts = 200;

/** The rules in words. */
export const ruleWords: Record<RuleName, string> = {
  connectivity_down: 'connectivity down',
  member_down: 'member down',
  control_path_lost: 'control path lost',
  registry_deaf: 'registry hears nobody',
  loss: 'loss',
  latency_above_baseline: 'slower than usual',
  low_bandwidth: 'low bandwidth',
  high_hop_latency: 'high hop latency',
  route_changed: 'route changed',
  dependency_slow: 'dependency slow',
  dependency_failing: 'dependency failing',
  service_new: 'service new',
  service_lost: 'service lost',
  dependency_new: 'dependency new',
  dependency_lost: 'dependency lost',
};

const states = ['firing', 'pending', 'resolved'] as const;
const order = { critical: 0, warning: 1, info: 2 } as const;

/** Alerts by state: firing and pending ones the worst first, silenced ones last; resolved ones the newest first. */
export function alertGroups(alerts: readonly Alert[]): { state: (typeof states)[number]; alerts: Alert[] }[] {
  return states.map((state) => ({
    state,
    alerts: alerts.filter((alert) => alert.state === state).sort(state === 'resolved' ? newest : worst),
  }));
}

function worst(one: Alert, other: Alert): number {
  return (
    Number(one.silenced_by.length > 0) - Number(other.silenced_by.length > 0) ||
    order[one.severity] - order[other.severity] ||
    other.pending_since_ms - one.pending_since_ms ||
    (one.id < other.id ? -1 : 1)
  );
}

function newest(one: Alert, other: Alert): number {
  return (other.resolved_at_ms ?? 0) - (one.resolved_at_ms ?? 0);
}
