import { describe, expect, test } from 'vitest';
import { createAdmissions, unprovedPerAddress } from './admission.ts';
import type { MemberRecord } from './member-record.ts';

function member(change: Partial<MemberRecord> = {}): MemberRecord {
  return {
    instance_id: 'a',
    location: 'us1',
    ip: '192.0.2.1',
    port: 1,
    registered_at_ms: 0,
    heartbeat_interval_ms: 15_000,
    check_interval_ms: 5_000,
    external_targets: [],
    registered_from: 'here',
    ...change,
  };
}

const proof = { instance_id: 'a', ip: '192.0.2.1', port: 1, nonce: '', mac: '' };
const many = (count: number, change: Partial<MemberRecord> = {}) =>
  Array.from({ length: count }, () => member(change));

describe('admission', () => {
  test.each([
    ['nobody is there', [], 'admitted'],
    ['63 from there wait', many(63), 'admitted'],
    ['64 from there wait', many(64), 'refused'],
    ['64 from there are proved', many(64, { proof }), 'admitted'],
    ['64 from elsewhere wait', many(64, { registered_from: 'there' }), 'admitted'],
    ['64 from there said goodbye', many(64, { deregistered_at_ms: 1 }), 'admitted'],
  ] as const)('of an unproved member where %s: %s', (_, known, outcome) => {
    expect(createAdmissions(4096).admit('here', known, false).outcome).toBe(outcome);
  });

  test('never holds up a proved member for unproved ones', () => {
    expect(createAdmissions(4096).admit('here', many(64), true).outcome).toBe('admitted');
  });

  test('counts registrations under way, of each address apart', () => {
    const admissions = createAdmissions(4096);
    for (let i = 0; i < unprovedPerAddress; i++) admissions.admit('here', [], false);
    expect(admissions.admit('here', [], false)).toMatchObject({
      code: 'too_many_unproved',
      message: '64 members from this address wait for their address proof: let others probe them first',
    });
    expect(admissions.admit('there', [], false).outcome).toBe('admitted');
  });

  test('has room again when a registration has come to its end, once', () => {
    const admissions = createAdmissions(2);
    const first = admissions.admit('here', [], false);
    admissions.admit('here', [], false);
    expect(admissions.admit('here', [], false)).toMatchObject({
      code: 'too_many_members',
      message: '2 members are kept at most: raise NETRING_MAX_MEMBERS',
    });
    if (first.outcome === 'admitted') {
      first.done();
      first.done();
    }
    expect(admissions.admit('here', [], false).outcome).toBe('admitted');
    expect(admissions.admit('here', [], false).outcome).toBe('refused');
  });

  test('counts every member that is kept against the limit for all', () => {
    const admissions = createAdmissions(3);
    expect(admissions.admit('here', many(2, { proof }), true).outcome).toBe('admitted');
    expect(admissions.admit('here', many(3, { proof, deregistered_at_ms: 1 }), true).outcome).toBe('refused');
  });
});
