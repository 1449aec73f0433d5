import { describe, expect, it, test } from 'vitest';
import { dependencyFindings } from './dependency-findings.ts';
import { ruleDefaults, type Rules } from './rules.ts';
import { edgeOf, type EdgeLike } from './seen-edge.ts';
import { ruleNames } from '@netring/contract/alert';

const rules: Rules = new Map(
  ruleNames.map((name) => {
    const { severity, forS, threshold } = ruleDefaults[name];
    const damping = { bad: 3, of: 30 };
    return [name, { name, severity, forMs: forS * 1000, threshold: threshold?.value ?? 0, damping }];
  }),
);
const usual = { total_ms: 40, network_ms: 10, application_ms: 30, proxy_ms: 0 };
const taking = (total_ms: number) => ({ ...usual, total_ms, application_ms: total_ms - 10 });
const own = (ms: number): NonNullable<EdgeLike['blame']> => ({
  verdict: 'application',
  reasons: [`application: payments takes ${ms} ms of its own`],
  shares: taking(ms),
  usual,
});

test('what passes between two strangers wakes nobody', () => {
  const edge = edgeOf({ requests: 10, failed: 10 });
  expect(dependencyFindings([edge], rules)).toHaveLength(1);
  const { source, target } = edge.facts;
  const strangers = {
    ...edge.facts,
    source: { ...source, kind: 'external' as const },
    target: { ...target, kind: 'external' as const },
  };
  expect(dependencyFindings([{ ...edge, facts: strangers }], rules)).toEqual([]);
});

test.each<[about: string, edge: EdgeLike, rules: string[]]>([
  ['all is well', {}, []],
  ['slow by the application', { blame: own(90) }, ['dependency_slow']],
  ['above what is usual, but by less than a quarter', { blame: own(47) }, []],
  [
    'as usual in the median, one in twenty three times as slow',
    { p95: 130, blame: own(41) },
    ['dependency_slow'],
  ],
  ['as usual in the median, one in twenty somewhat slow', { p95: 100, blame: own(41) }, []],
  ['slow, and nobody knows why', { blame: { ...own(90), verdict: 'unknown' } }, []],
  ['round trips alone, on a path that is well', { blame: { verdict: 'network', reasons: [] } }, []],
  [
    'round trips alone, on a path that is not well',
    { blame: { verdict: 'network', reasons: [] }, path: { state: 'degraded' } },
    ['dependency_slow'],
  ],
  [
    'a receiver that does not read, and nobody timed requests',
    { blame: { verdict: 'application' } },
    ['dependency_slow'],
  ],
  ['5 % of 600 failed', { failed: 30 }, ['dependency_failing']],
  ['4 % of 600 failed', { failed: 24 }, []],
  ['two of ten failed', { requests: 10, failed: 2 }, []],
  ['the only two failed', { requests: 2, failed: 2 }, ['dependency_failing']],
  ['nothing was asked', { requests: 0 }, []],
  ['slow and failing', { failed: 100, blame: own(90) }, ['dependency_failing', 'dependency_slow']],
])('%s', (_, edge, expected) => {
  expect(dependencyFindings([edgeOf(edge)], rules).map(({ rule }) => rule)).toEqual(expected);
});

test('what failed and is over is told no more, while its counts stand in the window', () => {
  const { view, ...edge } = edgeOf({ failed: 300 });
  expect(dependencyFindings([{ ...edge, view: { ...view, trouble_over_ms: 1 } }], rules)).toEqual([]);
});

describe('what is told', () => {
  it('names both ends, the blame and its numbers', () => {
    const hop = { worst_step: { ttl: 5, ip: '10.0.0.9', added_ms: 30 } };
    const reasons = ['network, at hop 5 (10.0.0.9), which adds 30 ms more than usual: …'];
    const [one] = dependencyFindings(
      [
        edgeOf({
          blame: { verdict: 'network', reasons, shares: taking(100), usual },
          path: { ...hop, kind: 'member', source: 'us1-a', target: 'eu1-a' },
        }),
      ],
      rules,
    );
    expect(one).toMatchObject({
      rule: 'dependency_slow',
      blame: 'network',
      summary: `orders (us1) → payments (eu1) is slow: ${reasons[0]}`,
      value: 100,
      threshold: 50,
      subject: {
        source_location: 'us1',
        target_location: 'eu1',
        source: 'us1-a',
        target: 'eu1-a',
        hop_ip: '10.0.0.9',
        target_service: 'eu1/payments',
      },
    });
  });
  it('says that it is not known whether it is the network', () => {
    const [one] = dependencyFindings(
      [edgeOf({ failed: 60, target: 'us1/db', blame: { verdict: 'unknown', reasons: ['no path'] } })],
      rules,
    );
    expect(one?.summary).toBe(
      'orders → db fails: 60 of 600 requests failed within a minute (10 %); whether it is the network is not known: no path',
    );
  });
  it('is 200 dependencies at most, the busiest', () => {
    const many = Array.from({ length: 300 }, (_, at) =>
      edgeOf({ source: `us1/s${at}`, requests: 1000 + at, blame: own(90) }),
    );
    const found = dependencyFindings(many, rules);
    expect(found).toHaveLength(200);
    expect(found[0]?.subject.source_service).toBe('us1/s299');
  });
});
