import type { RuleGroup } from './rule.ts';

const pair = 'source_location, target_location';
const dependency = 'source_service, source_location, target_service, target_location, protocol';

/** Series that dashboards ask for again and again: of pairs of locations, and of dependencies. */
export const recordingRules: RuleGroup = {
  name: 'netring-records',
  rules: [
    {
      record: 'location_pair:netring_connectivity_tcp:avg',
      expr: [`avg by (${pair}) (netring_connectivity_tcp)`],
    },
    {
      record: 'location_pair:netring_bandwidth_mbps:min',
      expr: [`min by (${pair}) (netring_bandwidth_mbps)`],
    },
    {
      record: 'location_pair:netring_traceroute_max_hop_latency_ms:max',
      expr: [`max by (${pair}) (netring_traceroute_max_hop_latency_ms)`],
    },
    {
      record: 'location_pair:netring_check_duration_seconds:mean5m',
      expr: meanOf('sum', 'location, target_location, check_type', 'netring_check_duration_seconds'),
    },
    // Every replica of the registry counts all dependencies: the sum over replicas would count them twice.
    {
      record: 'dependency:netring_dependency_requests:rate5m',
      expr: [`max by (${dependency}) (rate(netring_dependency_requests_total[5m]))`],
    },
    {
      record: 'dependency:netring_dependency_errors:ratio_rate5m',
      expr: [
        `max by (${dependency}) (rate(netring_dependency_errors_total[5m]))`,
        `/ (max by (${dependency}) (rate(netring_dependency_requests_total[5m])) > 0)`,
      ],
    },
    {
      record: 'dependency:netring_dependency_latency_seconds:mean5m',
      expr: meanOf('max', dependency, 'netring_dependency_latency_seconds'),
    },
  ],
};

/** Where nothing was counted there is no mean. */
function meanOf(over: 'sum' | 'max', labels: string, histogram: string): string[] {
  return [
    `${over} by (${labels}) (rate(${histogram}_sum[5m]))`,
    `/ (${over} by (${labels}) (rate(${histogram}_count[5m])) > 0)`,
  ];
}
