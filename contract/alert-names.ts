import type { RuleName } from './alert.ts';

/** What a rule is called outside: in Alertmanager, in notifications, and in the rule file for Prometheus. */
export const alertNames: Record<RuleName, string> = {
  connectivity_down: 'NetringConnectivityDown',
  member_down: 'NetringMemberDown',
  control_path_lost: 'NetringControlPathLost',
  registry_deaf: 'NetringRegistryDeaf',
  loss: 'NetringLoss',
  latency_above_baseline: 'NetringLatencyAboveBaseline',
  low_bandwidth: 'NetringLowBandwidth',
  high_hop_latency: 'NetringHighLatencyHop',
  route_changed: 'NetringRouteChanged',
  dependency_slow: 'NetringDependencySlow',
  dependency_failing: 'NetringDependencyFailing',
  service_new: 'NetringServiceNew',
  service_lost: 'NetringServiceLost',
  dependency_new: 'NetringDependencyNew',
  dependency_lost: 'NetringDependencyLost',
};
