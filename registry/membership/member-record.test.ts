import type { RegisterRequest } from '@netring/contract/member';
import { describe, expect, test } from 'vitest';
import { movedAtMs, recordOf, type MemberRecord } from './member-record.ts';

const request = (change: Partial<RegisterRequest> = {}): RegisterRequest => ({
  instance_id: 'a',
  location: 'us1',
  ip: '192.0.2.1',
  port: 1,
  ...change,
});
const dns = (address: string) => [{ name: 'dns', kind: 'tcp' as const, address }];

/** What is kept after these registrations, one a second from 1,000 ms on. */
function after(...requests: Partial<RegisterRequest>[]): MemberRecord {
  let record: MemberRecord | undefined;
  requests.forEach((change, at) => {
    record = recordOf('a', request(change), record, '192.0.2.1', 1_000 * (at + 1));
  });
  return record as MemberRecord;
}

describe('a path was moved', () => {
  test.each<[string, MemberRecord, number]>([
    ['never, as its member registers first', after({}), 0],
    ['not by another address at the same location', after({}, { ip: '192.0.2.2' }), 0],
    ['when its member came to another location', after({}, { location: 'eu1' }, { location: 'eu1' }), 2_000],
    ['when it came back', after({}, { location: 'eu1' }, {}), 3_000],
  ])('%s', (_, record, expected) => {
    expect(movedAtMs(record, undefined, 'b')).toBe(expected);
    expect(movedAtMs(undefined, record, 'a')).toBe(expected);
  });

  test('when an external target of the same name has another address', () => {
    const targets = (address: string) => ({ external_targets: dns(address) });
    const record = after(targets('one:53'), targets('two:53'), targets('two:53'));
    expect(movedAtMs(record, undefined, 'external:dns')).toBe(2_000);
    expect(movedAtMs(record, undefined, 'external:other')).toBe(0);
    expect(movedAtMs(after(targets('one:53'), targets('one:53')), undefined, 'external:dns')).toBe(0);
  });
});
