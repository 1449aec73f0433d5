import type { AlertSubject, RuleName } from '@netring/contract/alert';
import { expect, test } from 'vitest';
import type { AlertMemory } from './alert-state.ts';
import { finding } from './finding.ts';
import type { Ground } from './ground.ts';
import { groupByCause } from './grouping.ts';
import { follow } from './incidents.ts';

const sites = ['a', 'b', 'c', 'd'];
const ground: Ground = {
  paths: sites.flatMap((source) =>
    sites.filter((target) => target !== source).map((target) => ({ source, target, atMs: 1_000_000 })),
  ),
  external: [],
  rates: [],
  members: [...sites.map((one) => `${one}-1`), 'a-2'].map((id) => ({
    id,
    location: id.slice(0, 1),
    status: 'online',
  })),
};

function firing(rule: RuleName, subject: AlertSubject, summary: string, value?: number): AlertMemory {
  return {
    ...finding({ rule, subject, summary, ...(value === undefined ? {} : { value }) }),
    severity: 'warning',
    state: 'firing',
    pendingSinceMs: 1,
    firingSinceMs: 2,
    heldMs: 900_000,
    quietMs: 0,
    unknownMs: 0,
    looks: 'xxx',
    flaps: 0,
    saidAtMs: 1,
  };
}

/** `a>b`, in trouble of the rule. */
function on(rule: RuleName, way: string, value?: number): AlertMemory {
  const [source_location = '', target_location = ''] = way.split('>');
  const hop = rule === 'high_hop_latency' ? { hop_ip: '10.0.0.9' } : {};
  return firing(rule, { source_location, target_location, ...hop }, `${way}: ${rule}`, value);
}

/** The same between two members. */
function between(rule: RuleName, source: string, target: string): AlertMemory {
  const ends = { source_location: source.slice(0, 1), target_location: target.slice(0, 1) };
  return firing(rule, { ...ends, source, target }, `${source}>${target}: ${rule}`);
}

/** What is told of the one incident, look by look. */
function told(...looks: AlertMemory[][]): string[] {
  let incidents: ReturnType<typeof follow> = [];
  return looks.map((alerts, at) => {
    incidents = follow(incidents, groupByCause(alerts, ground), ground, 10 + at);
    return incidents.map(({ summary }) => summary).join(' | ');
  });
}

const silent = firing('member_down', { location: 'a', instance_id: 'a-1' }, 'a-1 (a) is silent');
const aroundA = ['a>b', 'b>a', 'a>c', 'c>a', 'a>d', 'd>a'];

test.each<[string, AlertMemory[][], string[]]>([
  [
    'a direction of which one way is left is no longer all of them',
    [['b>a', 'c>a', 'd>a'].map((way) => on('loss', way)), [on('loss', 'b>a')]],
    [
      'all 3 location paths towards a lose packets, on that way alone',
      '1 of 3 location paths towards a loses packets, on that way alone',
    ],
  ],
  [
    'a direction in which one way is worse off than the others',
    [[on('connectivity_down', 'b>a'), on('loss', 'c>a'), on('loss', 'd>a')]],
    ['of the 3 location paths towards a 1 is down and 2 lose packets, on that way alone'],
  ],
  [
    'a router, path by path, down to what is slow after it was mended',
    [
      [
        on('high_hop_latency', 'a>b', 80),
        on('high_hop_latency', 'c>b', 70),
        on('latency_above_baseline', 'c>b'),
      ],
      [on('high_hop_latency', 'c>b', 70), on('latency_above_baseline', 'c>b')],
      [on('latency_above_baseline', 'c>b')],
    ],
    [
      'router 10.0.0.9 adds up to 80 ms to 2 location paths: a → b and c → b',
      'router 10.0.0.9 adds 70 ms to c → b',
      'c>b: latency_above_baseline',
    ],
  ],
  [
    'a site whose paths are back, and whose member is not',
    [[...aroundA.map((way) => on('connectivity_down', way)), silent], [silent]],
    ['a is cut off: all 3 location paths to and from it are down', 'a-1 (a) is silent'],
  ],
  [
    'a member that is not reached: a change of route is no path that is down',
    [
      [
        between('connectivity_down', 'b-1', 'a-2'),
        between('connectivity_down', 'c-1', 'a-2'),
        between('route_changed', 'a-2', 'd-1'),
      ],
    ],
    ['a-2 (a) is not reached: 2 paths between it and other members are down'],
  ],
])('%s', (_, looks, expected) => {
  expect(told(...looks)).toEqual(expected);
});
