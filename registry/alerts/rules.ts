import type { RuleName, Severity } from '@netring/contract/alert';

/** One condition that is watched, as data. Times are milliseconds. */
export interface Rule {
  name: RuleName;
  severity: Severity;
  /** So long the condition must hold before it is told. */
  forMs: number;
  /** What is too much, or too little, in the unit that the setting names. */
  threshold: number;
  /** Bad in at least `bad` of the last `of` looks, one a second: begins it, and as long as that is so it is not over. */
  damping: { bad: number; of: number };
  /** Of `high_hop_latency`: a step that has been usual for so many minutes is not told; 0: every one is. */
  usualMinutes?: number;
}

/** The rules that are switched on, by name. */
export type Rules = ReadonlyMap<RuleName, Rule>;

/** What a rule is without being configured. */
export interface RuleDefaults {
  severity: Severity;
  forS: number;
  /** Absent: the rule has nothing to compare. */
  threshold?: { value: number; most: number; what: string };
  about: string;
}

/** The defaults; those of connectivity, members, bandwidth and hops are the ones of the Prometheus rules. */
export const ruleDefaults: Record<RuleName, RuleDefaults> = {
  connectivity_down: {
    severity: 'warning',
    forS: 120,
    about: 'nothing at the far end of a path answers in any way',
  },
  member_down: {
    severity: 'critical',
    forS: 60,
    about: 'a member is silent, and no other member reaches it',
  },
  control_path_lost: {
    severity: 'warning',
    forS: 60,
    about: 'the registry does not hear a member that other members reach',
  },
  registry_deaf: {
    severity: 'critical',
    forS: 60,
    threshold: { value: 0.3, most: 1, what: 'share of the members that fell silent together' },
    about: 'so many members fall silent together that it is the registry which does not hear',
  },
  loss: {
    severity: 'warning',
    forS: 120,
    threshold: { value: 0.05, most: 1, what: 'share of packets lost within a minute' },
    about: 'a path loses packets; two of them at least',
  },
  latency_above_baseline: {
    severity: 'warning',
    forS: 300,
    threshold: {
      value: 0.25,
      most: 100,
      what: 'share above the usual median, and never less than three spreads or 2 ms',
    },
    about: 'a path is slower than it usually is itself',
  },
  low_bandwidth: {
    severity: 'warning',
    forS: 300,
    threshold: { value: 100, most: 1e6, what: 'Mbit/s' },
    about: 'a valid bandwidth test, bounded by neither end, found less than this',
  },
  high_hop_latency: {
    severity: 'warning',
    forS: 300,
    threshold: { value: 100, most: 60_000, what: 'ms that one step adds' },
    about: 'one step of a route adds more latency than this, as far as it persists to the target',
  },
  route_changed: {
    severity: 'info',
    forS: 0,
    about: 'the route of a path is another than before; told for ten minutes',
  },
  dependency_slow: {
    severity: 'warning',
    forS: 300,
    threshold: {
      value: 0.25,
      most: 100,
      what: 'share of a median request above the usual one; or one request in twenty takes three times the usual',
    },
    about: 'a dependency is slower than usual by a verdict that has settled, with its blame',
  },
  dependency_failing: {
    severity: 'warning',
    forS: 120,
    threshold: { value: 0.05, most: 1, what: 'share of requests answered with 5xx or not at all' },
    about: 'requests of a dependency fail, three within a minute at least, with the blame',
  },
  service_new: {
    severity: 'info',
    forS: 0,
    about: 'a service that was never seen before; told for ten minutes',
  },
  service_lost: {
    severity: 'info',
    forS: 0,
    about: 'a service that was not seen for a quarter of an hour; told for ten minutes',
  },
  dependency_new: {
    severity: 'info',
    forS: 0,
    about: 'a service calls another for the first time; told for ten minutes',
  },
  dependency_lost: {
    severity: 'info',
    forS: 0,
    about: 'a call between services was not seen for a quarter of an hour; told for ten minutes',
  },
};
