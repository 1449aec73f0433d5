import { alertingRules, ownRules } from './alerting.ts';
import { recordingRules } from './recording.ts';
import type { AlertingRule, Figures, RecordingRule, RuleGroup } from './rule.ts';

/** `prometheus`: a rule file as its configuration names one. `kubernetes`: a PrometheusRule of the Prometheus Operator. */
export type RuleFileKind = 'prometheus' | 'kubernetes';

const head = [
  '# Written by: netring rules. Thresholds, times and severities are those of the registry (registry.alerts in its file);',
  '# another threshold is set there, and this file written again: netring rules config/registry.yaml --output FILE',
];

const object = [
  'apiVersion: monitoring.coreos.com/v1',
  'kind: PrometheusRule',
  'metadata:',
  '  name: netring',
  '  labels:',
  '    app.kubernetes.io/name: netring',
  'spec:',
];

/** The recording and alerting rules of these figures, as YAML. */
export function ruleFile(figures: Figures, kind: RuleFileKind = 'prometheus'): string {
  const groups = [recordingRules, alertingRules(figures), ownRules(figures)];
  const lines = ['groups:', ...groups.flatMap((group) => indented(groupLines(group), 2))];
  const body = kind === 'kubernetes' ? [...object, ...indented(lines, 2)] : lines;
  return `${[...head, ...body].join('\n')}\n`;
}

function groupLines({ name, rules }: RuleGroup): string[] {
  return [`- name: ${name}`, '  rules:', ...rules.flatMap((rule) => indented(item(ruleLines(rule)), 4))];
}

function ruleLines(rule: RecordingRule | AlertingRule): string[] {
  if ('record' in rule) return [`record: ${rule.record}`, ...exprLines(rule.expr)];
  const { alert, expr, forS, keepS = 0, labels, annotations } = rule;
  return [
    `alert: ${alert}`,
    ...exprLines(expr),
    ...(forS > 0 ? [`for: ${duration(forS)}`] : []),
    ...(keepS > 0 ? [`keep_firing_for: ${duration(keepS)}`] : []),
    ...mapLines('labels', labels),
    ...mapLines('annotations', annotations),
  ];
}

function exprLines(expr: readonly string[]): string[] {
  return expr.length === 1 ? [`expr: ${quoted(expr[0] ?? '')}`] : ['expr: |-', ...indented(expr, 2)];
}

function mapLines(name: string, entries: Readonly<Record<string, string>>): string[] {
  return [`${name}:`, ...Object.entries(entries).map(([key, value]) => `  ${key}: ${quoted(value)}`)];
}

/** A plain word as it is; anything else in single quotes, in which nothing but they mean anything. */
function quoted(text: string): string {
  return /^[a-z]+$/.test(text) ? text : `'${text.replaceAll("'", "''")}'`;
}

function item(lines: readonly string[]): string[] {
  return lines.map((line, at) => (at === 0 ? `- ${line}` : `  ${line}`));
}

function indented(lines: readonly string[], by: number): string[] {
  return lines.map((line) => `${' '.repeat(by)}${line}`);
}

/** As Prometheus writes it; it knows no fractions. */
function duration(seconds: number): string {
  if (seconds % 60 === 0) return `${seconds / 60}m`;
  return Number.isInteger(seconds) ? `${seconds}s` : `${Math.round(seconds * 1000)}ms`;
}
