import { alertNames } from '@netring/contract/alert-names';
import type { RuleName } from '@netring/contract/alert';
import type { AlertingRule, Figures, RuleFigures, RuleGroup } from './rule.ts';

/** What an alert is made of, beside the figures. */
interface Alarm {
  expr: (threshold: number) => string[];
  summary: string;
  description: string;
  labels?: Readonly<Record<string, string>>;
}

const way = '{{ $labels.source_location }} to {{ $labels.target_location }}';
const ends = '{{ $labels.source_instance }} to {{ $labels.target_instance }} at {{ $labels.target_ip }}';
const reachable = 'netring_registry_reachable';

/** The rules whose figures members measure themselves, in the words of Prometheus. */
const measured: Partial<Record<RuleName, Alarm>> = {
  connectivity_down: {
    expr: () => ['netring_connectivity_tcp == 0'],
    summary: `No TCP connection from ${way} (${ends}): netring_connectivity_tcp is {{ $value }}`,
    description:
      'Every connect fails. Refused ones count too: the dashboard tells whether the path is down or only the member.',
  },
  member_down: {
    expr: () => ['up{job="netring"} == 0'],
    summary:
      'Member {{ $labels.instance }} of {{ $labels.location }} does not answer Prometheus: up is {{ $value }}',
    description:
      'It was killed, its machine is gone, or the way from Prometheus to it is cut. A member that says goodbye leaves the targets and alerts nobody.',
    // What inhibits the alerts of the paths towards it.
    labels: { target_instance: '{{ $labels.instance }}', target_location: '{{ $labels.location }}' },
  },
  low_bandwidth: {
    expr: (threshold) => [`netring_bandwidth_mbps < ${threshold}`],
    summary: `Only {{ printf "%.1f" $value }} Mbit/s from ${way} (${ends})`,
    description: 'The last valid bandwidth test. netring_bandwidth_age_seconds says how old it is.',
  },
  high_hop_latency: {
    // The hop is in the labels of the other series only; all others are the same in both.
    expr: (threshold) => [
      `(netring_traceroute_max_hop_latency_ms > ${threshold})`,
      '* ignoring (hop, hop_ip) group_left (hop, hop_ip) netring_traceroute_worst_step_info',
    ],
    summary: `Hop {{ $labels.hop }} ({{ $labels.hop_ip }}) adds {{ printf "%.1f" $value }} ms from ${way} (${ends})`,
    description:
      'The step of the route that adds most latency, as far as it persists to the target. Long links are told as well: Prometheus knows no usual.',
  },
  control_path_lost: {
    expr: () => [`${reachable} == 0`],
    summary:
      'The registry takes nothing from {{ $labels.instance }} of {{ $labels.location }}: netring_registry_reachable is {{ $value }}',
    description:
      'The member runs and Prometheus reaches it. It keeps its results and sends them when the registry is back.',
  },
  registry_deaf: {
    expr: (threshold) => [
      `(count(${reachable} == 0) / count(${reachable}) > ${threshold})`,
      `and (count(${reachable} == 0) > 1)`,
    ],
    summary: 'The registry takes nothing from {{ $value | humanizePercentage }} of the members',
    description: 'So many at once: it is the registry, its store, or the way to it.',
  },
};

/** Rules that need what is usual, or the whole ring: the registry's own alerts, counted. Their time has passed there. */
const counted: Partial<Record<RuleName, string>> = {
  loss: 'Location paths that lose packets',
  latency_above_baseline: 'Location paths that are slower than they usually are',
  dependency_slow: 'Dependencies that are slower than usual',
  dependency_failing: 'Dependencies that fail',
};

/** Alerts by the product's own figures; those that are switched off are absent. */
export function alertingRules(figures: Figures): RuleGroup {
  const rules = [...figures].flatMap(([name, one]): AlertingRule[] => {
    const alarm = measured[name];
    if (alarm !== undefined) return [byMeasurement(name, one, alarm)];
    const what = counted[name];
    return what === undefined ? [] : [byCount(name, one, what)];
  });
  return { name: 'netring-alerts', rules: [...rules, ...unreached(figures)] };
}

function byMeasurement(
  name: RuleName,
  { severity, forS, threshold = 0 }: RuleFigures,
  alarm: Alarm,
): AlertingRule {
  const { expr, summary, description, labels } = alarm;
  return {
    alert: alertNames[name],
    expr: expr(threshold),
    forS,
    labels: { severity, ...labels },
    annotations: { summary, description },
  };
}

/** The registry's counts are away while it starts: that is not the end of what they count. */
const keepCountedS = 120;

function byCount(name: RuleName, { severity }: RuleFigures, what: string): AlertingRule {
  return {
    alert: alertNames[name],
    // All replicas tell the same.
    expr: [`max by (rule) (netring_alerts{rule="${name}", state="firing"}) > 0`],
    forS: 0,
    keepS: keepCountedS,
    labels: { severity },
    annotations: {
      summary: `${what}: {{ $value }}`,
      description: `Which ones: the dashboard, or netring alerts --rule ${name}. Silenced ones count too.`,
    },
  };
}

/** Outlasts the alerts that it inhibits: each of them ends with the next scrape of its own source. */
const keepUnreachedS = 60;

/**
 * Told to nobody: a member that does not answer Prometheus, nor members of two other locations at least. Its paths say
 * nothing that is not known, so Alertmanager inhibits their alerts, and one site cut off is one notification.
 */
function unreached(figures: Figures): AlertingRule[] {
  const [path, member] = [figures.get('connectivity_down'), figures.get('member_down')];
  if (path === undefined || member === undefined) return [];
  return [
    {
      alert: 'NetringMemberUnreached',
      expr: [
        'max by (target_location, target_instance) (netring_connectivity_tcp) == 0',
        'and on (target_instance) count by (target_instance) (',
        '  count by (target_instance, source_location) (netring_connectivity_tcp)',
        ') > 1',
        'and on (target_instance) label_replace(',
        '  up{job="netring"} == 0, "target_instance", "$1", "instance", "(.+)"',
        ')',
      ],
      forS: Math.min(path.forS, member.forS),
      keepS: keepUnreachedS,
      labels: { severity: 'none' },
      annotations: {
        summary: 'Nobody reaches {{ $labels.target_instance }} of {{ $labels.target_location }}',
        description: 'For inhibiting the alerts of its paths; NetringMemberDown tells of it.',
      },
    },
  ];
}

const storeAwayForS = 60;
/** So long before its end a certificate is told of; long enough for a holiday. */
const expiresWithinDays = 14;
const expiresForS = 600;

/** What watches the watchers: a registry cannot tell that it is gone. */
export function ownRules(figures: Figures): RuleGroup {
  return {
    name: 'netring-itself',
    rules: [
      {
        alert: 'NetringRegistryDown',
        expr: ['up{job="netring-registry"} == 0'],
        forS: figures.get('member_down')?.forS ?? storeAwayForS,
        labels: { severity: 'critical' },
        annotations: {
          summary: 'The registry at {{ $labels.instance }} does not answer Prometheus: up is {{ $value }}',
          description: 'Members go on measuring, and Prometheus goes on scraping those that it knows.',
        },
      },
      {
        alert: 'NetringStoreAway',
        expr: ['netring_registry_store_up == 0'],
        forS: storeAwayForS,
        labels: { severity: 'critical' },
        annotations: {
          summary: 'The registry at {{ $labels.instance }} does not reach its store',
          description: 'Its picture stands still. Look at Redis; members keep their results meanwhile.',
        },
      },
      {
        alert: 'NetringCertificateExpires',
        expr: [`netring_tls_certificate_expiry_timestamp_seconds - time() < ${expiresWithinDays} * 86400`],
        forS: expiresForS,
        labels: { severity: 'warning' },
        annotations: {
          summary:
            'The {{ $labels.certificate }} certificate of {{ $labels.instance }} ends in {{ $value | humanizeDuration }}',
          description: 'Write a new one over it: it is taken over without a restart.',
        },
      },
    ],
  };
}
