import type { MemberView } from '@netring/contract/member';
import { expect, test } from 'vitest';
import { describeAge, memberTable } from './member-table.ts';

function member(part: Partial<MemberView>): MemberView {
  return {
    instance_id: 'a',
    location: 'us1',
    ip: '10.0.0.1',
    port: 8757,
    last_seen: 1000,
    registered_at: 0,
    status: 'online',
    proved: true,
    peers: 'reachable',
    external_targets: [],
    probes_off: [],
    ...part,
  };
}

test('members stand in columns, by location and name', () => {
  const members = [
    member({ location: 'us1', instance_id: 'b', version: '0.1.0' }),
    member({ location: 'eu1', instance_id: 'longer-name', ip: '::1', status: 'stale', proved: false }),
    member({ location: 'us1', instance_id: 'a', peers: 'unknown' }),
  ];
  expect(memberTable(members, 1065).split('\n')).toEqual([
    'LOCATION  MEMBER       ADDRESS        STATUS           PEERS      SEEN       VERSION',
    'eu1       longer-name  [::1]:8757     stale, unproved  reachable  1 min ago',
    'us1       a            10.0.0.1:8757  online           unknown    1 min ago',
    'us1       b            10.0.0.1:8757  online           reachable  1 min ago  0.1.0',
  ]);
});

test('a name cannot write to the terminal', () => {
  expect(memberTable([member({ instance_id: '\u001b[31mred' })], 1000)).not.toContain('\u001b');
});

test('no members is said', () => {
  expect(memberTable([], 0)).toBe('No members.');
});

test.each([
  [-3, '0 s'],
  [4.9, '4 s'],
  [60, '1 min'],
  [7199, '1 h'],
  [200_000, '2 d'],
])('%d s ago is %s', (seconds, shown) => {
  expect(describeAge(seconds)).toBe(shown);
});
