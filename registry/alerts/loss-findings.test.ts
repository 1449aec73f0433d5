import type { LocationPath, MemberPath, PathCheck, PathState } from '@netring/contract/path';
import { expect, test } from 'vitest';
import { lossFindings } from './loss-findings.ts';
import type { Seen } from './seen.ts';

function check(kind: PathCheck['kind'], lost: number, more: Partial<PathCheck> = {}): PathCheck {
  const window = { duration_ms: 60_000, checks: 12, failed: 0, voided: 0, sent: 100, lost };
  return { kind, outcome: 'ok', at_ms: 1, state: lost === 0 ? 'ok' : 'degraded', window, ...more };
}

const ends: Pick<MemberPath, 'target_kind' | 'reasons' | 'answering'> = {
  target_kind: 'member',
  reasons: [],
  answering: true,
};

function memberPath(state: PathState, ...checks: PathCheck[]): MemberPath {
  const names = { source: 'us1-a', source_location: 'us1', target: 'eu1-a', target_location: 'eu1' };
  return { ...ends, ...names, state, proved: true, checks };
}

/** What is told of the loss from us1 to eu1, at a threshold of 5 %. */
function told(state: PathState, ...members: MemberPath[]): string[] {
  const counts = { ok: 0, degraded: 0, down: 0, unknown: 0, unproved: 0 };
  const path: LocationPath = { ...ends, source: 'us1', target: 'eu1', state, paths: counts, checks: [] };
  const seen: Seen = {
    nowMs: 1,
    members: [],
    locationPaths: [path],
    memberPathsOf: () => members,
    baselinesOf: () => undefined,
    routeChanges: [],
    edges: [],
    graphEvents: [],
  };
  return lossFindings(path, seen, 0.05).map(({ summary }) => summary);
}

const filtered = check('icmp', 100, { outcome: 'timeout', state: 'down' });
const silentUdp = check('udp', 100, { outcome: 'timeout', state: 'down' });

test.each<[string, string[], string[]]>([
  [
    'packets lost',
    told('degraded', memberPath('degraded', check('tcp', 0), check('udp', 10))),
    ['us1 → eu1 loses packets: 10 % lost (10 of 100, udp)'],
  ],
  [
    'on the way back',
    told('degraded', memberPath('degraded', check('udp', 10, { forward_lost: 0, return_lost: 10 }))),
    ['eu1 → us1 loses packets, on this way alone: 10 % lost (10 of 100, udp)'],
  ],
  ['less than the threshold', told('degraded', memberPath('degraded', check('udp', 4))), []],
  ['ICMP is filtered', told('ok', memberPath('ok', check('tcp', 0), filtered, check('udp', 0))), []],
  [
    'ICMP is filtered, and the path is slow',
    told('degraded', memberPath('degraded', check('tcp', 0), filtered)),
    [],
  ],
  [
    'ICMP is filtered at one member, and another loses packets',
    told('degraded', memberPath('ok', check('tcp', 0), filtered), memberPath('degraded', check('icmp', 20))),
    ['us1 → eu1 loses packets: 20 % lost (20 of 100, icmp)'],
  ],
  ['a member does not answer', told('ok', memberPath('ok', check('icmp', 0), silentUdp)), []],
  [
    'HTTP times out while TCP connects',
    told('degraded', memberPath('degraded', check('tcp', 0), check('http', 50))),
    [],
  ],
  [
    'TCP fails while ICMP is answered',
    told('degraded', memberPath('degraded', check('tcp', 100, { state: 'down' }), check('icmp', 0))),
    ['us1 → eu1 loses packets: 100 % lost (100 of 100, tcp)'],
  ],
  [
    'a member path that is down',
    told('degraded', memberPath('down', check('tcp', 100)), memberPath('ok', check('tcp', 0))),
    [],
  ],
])('loss: %s', (_, found, expected) => {
  expect(found).toEqual(expected);
});
