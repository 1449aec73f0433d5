import type { RuleName, Severity } from '@netring/contract/alert';

/** What the configuration says of a rule: the same figures that the registry itself alerts by. */
export interface RuleFigures {
  severity: Severity;
  forS: number;
  /** Absent where the rule has nothing to compare. */
  threshold?: number;
}

/** The rules that are switched on. */
export type Figures = ReadonlyMap<RuleName, RuleFigures>;

/** A rule of Prometheus that computes a series. */
export interface RecordingRule {
  record: string;
  /** PromQL, by lines. */
  expr: readonly string[];
}

/** A rule of Prometheus that alerts. */
export interface AlertingRule {
  alert: string;
  /** PromQL, by lines. */
  expr: readonly string[];
  forS: number;
  /** Goes on firing so long after its condition is over. */
  keepS?: number;
  labels: Readonly<Record<string, string>>;
  annotations: { summary: string; description: string };
}

/** Rules that Prometheus evaluates one after the other. */
export interface RuleGroup {
  name: string;
  rules: readonly (RecordingRule | AlertingRule)[];
}
