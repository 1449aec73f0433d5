import { ruleNames } from '@netring/contract/alert';
import type { GraphEvent } from '@netring/contract/topology';
import { expect, it } from 'vitest';
import { newsFindings } from './news-findings.ts';
import { ruleDefaults, type Rules } from './rules.ts';

const rules: Rules = new Map(
  ruleNames.map((name) => [
    name,
    { name, severity: ruleDefaults[name].severity, forMs: 0, threshold: 0, damping: { bad: 3, of: 30 } },
  ]),
);
const nowMs = 10_000_000;
const service = (id: string, change: GraphEvent['change'] = 'new', at_ms = nowMs): GraphEvent => ({
  at_ms,
  kind: 'service',
  change,
  id,
});
const call = (
  source_service: string,
  target_service: string,
  change: GraphEvent['change'] = 'new',
): GraphEvent => ({
  at_ms: nowMs,
  kind: 'dependency',
  change,
  id: `${source_service}>${target_service}`,
  source_service,
  target_service,
  protocol: 'http',
});
const told = (...events: GraphEvent[]) => newsFindings(events, nowMs, rules).map(({ summary }) => summary);

it('tells of services and calls between them, each once', () => {
  expect(told(service('us1/orders'), call('us1/orders', 'us1/db'))).toEqual([
    'the service us1/orders is new',
  ]);
  expect(told(call('us1/orders', 'us1/db', 'lost'))).toEqual([
    'the dependency us1/orders → us1/db (http) was not seen for a quarter of an hour',
  ]);
  expect(told(service('us1/orders'), call('us1/orders', 'us1/db', 'lost'))).toHaveLength(2);
});

it('is silent about addresses that nobody knows, and about what is long ago', () => {
  expect(told(service('external:203.0.113.9'), call('us1/orders', 'external:203.0.113.9'))).toEqual([]);
  expect(told(service('us1/orders', 'new', nowMs - 600_000))).toEqual([]);
});

it('never opens an incident: all of it is for information', () => {
  const news = ['service_new', 'service_lost', 'dependency_new', 'dependency_lost'] as const;
  expect(news.map((rule) => ruleDefaults[rule].severity)).toEqual(['info', 'info', 'info', 'info']);
});
