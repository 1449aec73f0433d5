import { list, setting, whole } from '@netring/service/setting';
import { z } from 'zod';
import { groupRuleOf } from './identity/index.ts';

const group = z
  .string()
  .refine(
    (text) => groupRuleOf(text) !== undefined,
    'must be name=range or name=*.suffix, such as partner=203.0.113.0/24',
  );

/** Settings of the service graph; order and wording here are those of `config/registry.yaml`. */
export const trafficSettings = {
  trafficGroups: setting({
    yaml: 'registry.traffic.groups',
    env: 'NETRING_TRAFFIC_GROUPS',
    schema: list(group),
    default: [] as string[],
    about:
      'Names for what no member is on, separated by commas: partner=203.0.113.0/24, mail=*.example.com. Each is one service of the graph.',
  }),
  trafficDependencies: setting({
    yaml: 'registry.traffic.dependencies',
    env: 'NETRING_TRAFFIC_DEPENDENCIES',
    schema: whole(10, 100_000),
    default: 10_000,
    about:
      'Dependencies that one picture of the service graph shows at most, the busiest first; the others are counted. 5,000 take about 40 MB of memory.',
  }),
  trafficServices: setting({
    yaml: 'registry.traffic.services',
    env: 'NETRING_TRAFFIC_SERVICES',
    schema: whole(10, 100_000),
    default: 5_000,
    about: 'Services that one picture of the service graph shows at most, likewise.',
  }),
  trafficUsualWindows: setting({
    yaml: 'registry.traffic.usual_windows',
    env: 'NETRING_TRAFFIC_USUAL_WINDOWS',
    schema: whole(3, 48, 'a number of windows'),
    default: 12,
    about:
      'Undisturbed windows of 10 s until it is known what is usual for a dependency, and somebody can be blamed. Fewer know it sooner and take chance for trouble more often.',
  }),
  trafficMemberKb: setting({
    yaml: 'registry.traffic.member_kb',
    env: 'NETRING_TRAFFIC_MEMBER_KB',
    schema: whole(4, 4_096, 'a number of kilobytes'),
    default: 128,
    about:
      'Kilobytes that 10 s of traffic of one member may take in the store, packed (a dependency takes about 100 bytes). The lightest dependencies beyond it are left out and counted.',
  }),
  trafficMb: setting({
    yaml: 'registry.traffic.mb',
    env: 'NETRING_TRAFFIC_MB',
    schema: whole(1, 100_000, 'a number of megabytes'),
    default: 128,
    about:
      'Megabytes that the past day of the service graph may take in the store. Beyond it minutes older than a quarter of an hour go first, so that ten minutes are told as one, then the oldest go.',
  }),
};
