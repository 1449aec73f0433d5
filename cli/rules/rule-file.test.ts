import { readFileSync } from 'node:fs';
import { ruleNames } from '@netring/contract/alert';
import { describe, expect, test } from 'vitest';
import { configuredFigures } from '../commands/rules.ts';
import type { Figures } from './rule.ts';
import { ruleFile } from './rule-file.ts';

const defaults = configuredFigures({ environment: {} });
const committed = new URL('../../deployment/prometheus/alerts.yml', import.meta.url);

/** The lines of one alert, without their indentation. */
function alertIn(text: string, name: string): string[] {
  const lines = text.split('\n').map((line) => line.trim());
  const from = lines.indexOf(`- alert: ${name}`);
  if (from < 0) return [];
  const rest = lines.slice(from + 1);
  const end = rest.findIndex((line) => line.startsWith('- '));
  return end < 0 ? rest : rest.slice(0, end);
}

test('deployment/prometheus/alerts.yml is what "netring rules" prints by default', () => {
  expect(readFileSync(committed, 'utf8')).toBe(ruleFile(defaults));
});

describe('by default', () => {
  const text = ruleFile(defaults);

  test.each([
    ['NetringConnectivityDown', "expr: 'netring_connectivity_tcp == 0'", 'for: 2m', 'severity: warning'],
    ['NetringMemberDown', `expr: 'up{job="netring"} == 0'`, 'for: 1m', 'severity: critical'],
    ['NetringLowBandwidth', "expr: 'netring_bandwidth_mbps < 100'", 'for: 5m', 'severity: warning'],
    [
      'NetringHighLatencyHop',
      '(netring_traceroute_max_hop_latency_ms > 100)',
      'for: 5m',
      'severity: warning',
      '* ignoring (hop, hop_ip) group_left (hop, hop_ip) netring_traceroute_worst_step_info',
    ],
    ['NetringControlPathLost', "expr: 'netring_registry_reachable == 0'", 'for: 1m', 'severity: warning'],
  ])('%s has its condition, its time and its severity', (name, ...expected) => {
    expect(alertIn(text, name)).toEqual(expect.arrayContaining(expected));
  });

  test.each(['NetringConnectivityDown', 'NetringLowBandwidth', 'NetringHighLatencyHop'])(
    'the summary of %s has the value and both locations',
    (name) => {
      const summary = alertIn(text, name).find((line) => line.startsWith('summary:'));
      for (const part of ['$value', '$labels.source_location', '$labels.target_location'])
        expect(summary).toContain(part);
    },
  );

  test('that of a member names it, that of a hop its address', () => {
    const summaryOf = (name: string) => alertIn(text, name).find((line) => line.startsWith('summary:'));
    expect(summaryOf('NetringMemberDown')).toContain('$labels.instance');
    expect(summaryOf('NetringHighLatencyHop')).toContain('$labels.hop_ip');
  });

  test('what nobody is to be woken for has no alert', () => {
    for (const name of ['NetringRouteChanged', 'NetringServiceNew', 'NetringDependencyLost'])
      expect(text).not.toContain(name);
  });
});

describe('figures of the configuration', () => {
  test('are those of the rules', () => {
    const environment = {
      NETRING_ALERT_LOW_BANDWIDTH_THRESHOLD: '2500',
      NETRING_ALERT_LOW_BANDWIDTH_FOR: '90',
      NETRING_ALERT_LOW_BANDWIDTH_SEVERITY: 'critical',
      NETRING_ALERT_HIGH_HOP_LATENCY_THRESHOLD: '12.5',
      NETRING_ALERT_HIGH_HOP_LATENCY_FOR: '0',
      NETRING_ALERT_MEMBER_DOWN_FOR: '0.5',
    };
    const text = ruleFile(configuredFigures({ environment }));
    expect(alertIn(text, 'NetringLowBandwidth')).toEqual(
      expect.arrayContaining(["expr: 'netring_bandwidth_mbps < 2500'", 'for: 90s', 'severity: critical']),
    );
    const hop = alertIn(text, 'NetringHighLatencyHop');
    expect(hop).toContain('(netring_traceroute_max_hop_latency_ms > 12.5)');
    expect(hop.filter((line) => line.startsWith('for:'))).toEqual([]);
    expect(alertIn(text, 'NetringMemberDown')).toContain('for: 500ms');
  });

  test('come from the file of the registry, also where it needs a token to be started', () => {
    const file = {
      name: 'registry.yaml',
      text: 'registry:\n  server: { host: 0.0.0.0 }\n  alerts: { member_down: { for: 600 } }\n',
    };
    const text = ruleFile(configuredFigures({ environment: {}, file }));
    expect(alertIn(text, 'NetringMemberDown')).toContain('for: 10m');
  });

  test('a rule that is off is absent, and nothing inhibits what it would have told', () => {
    const off = new Map(defaults);
    off.delete('member_down');
    const text = ruleFile(off);
    expect(text).not.toContain('alert: NetringMemberDown');
    expect(text).not.toContain('alert: NetringMemberUnreached');
  });

  test('with every rule off, recording rules and what watches Netring itself stay', () => {
    const none: Figures = new Map();
    const alerts = [...ruleFile(none).matchAll(/alert: (\w+)/g)].map(([, name]) => name);
    expect(alerts).toEqual(['NetringRegistryDown', 'NetringStoreAway', 'NetringCertificateExpires']);
    expect(ruleFile(none)).toContain('record: ');
  });

  test('every rule that is on in the product and is more than news has one alert', () => {
    const news = ['route_changed', 'service_new', 'service_lost', 'dependency_new', 'dependency_lost'];
    const alerts = [...ruleFile(defaults).matchAll(/alert: (\w+)/g)].map(([, name]) => name);
    expect(new Set(alerts).size).toBe(alerts.length);
    // Beside them: what inhibits, and three about Netring itself.
    expect(alerts).toHaveLength(ruleNames.length - news.length + 4);
  });
});

test('for Kubernetes they are the same groups inside a PrometheusRule', () => {
  const [plain, object] = [ruleFile(defaults), ruleFile(defaults, 'kubernetes')];
  expect(object).toContain('kind: PrometheusRule\n');
  const inside = object.slice(object.indexOf('  groups:')).replaceAll(/^ {2}/gm, '');
  expect(inside).toBe(plain.slice(plain.indexOf('groups:')));
});
