import type { PlanMember } from '@netring/contract/plan-answer';
import { describe, expect, it } from 'vitest';
import { externalCheck, maxMembersProbed, memberChecks, plannedMembers } from './checks.ts';

const member = (id: string, location = id): PlanMember => ({
  instance_id: id,
  location,
  ip: '10.0.0.1',
  port: 8757,
});

const options = { endpoints: [], viewToken: undefined, icmp: false, udp: false };

describe('the checks of a member', () => {
  it.each([
    ['icmp and udp', { icmp: true, udp: true }, ['udp'], ['tcp', 'icmp', 'udp']],
    ['no udp for one that does not answer it', { icmp: true, udp: true }, undefined, ['tcp', 'icmp']],
    ['what is not turned off', { icmp: false, udp: true }, ['udp'], ['tcp', 'udp']],
  ])('hold %s', (_, on, answers, kinds) => {
    const one = { ...member('m2'), ...(answers !== undefined && { answers }) };
    const checks = memberChecks({ member: one, fixed: true }, { ...options, ...on });
    expect(checks.map(({ target }) => target.kind)).toEqual(kinds);
    expect(checks.find(({ target }) => target.kind === 'udp')?.target.instanceId).toBe(
      kinds.includes('udp') ? 'm2' : undefined,
    );
  });

  it('are a connect and a GET of every endpoint', () => {
    const checks = memberChecks(
      { member: member('m2', 'eu1'), fixed: true },
      { ...options, endpoints: ['/health', '/metrics'], viewToken: 'reader' },
    );
    expect(checks.map(({ target, endpoint }) => [target.kind, endpoint, target.authorization])).toEqual([
      ['tcp', undefined, undefined],
      ['http', '/health', undefined],
      ['http', '/metrics', 'Bearer reader'],
    ]);
    expect(new Set(checks.map(({ target }) => target.key)).size).toBe(3);
    expect(checks[0]).toMatchObject({
      id: 'm2',
      location: 'eu1',
      ip: '10.0.0.1',
      fixed: true,
      target: { closing: 'reset' },
    });
  });

  it('leave nobody out of a small ring, and oneself', () => {
    const ring = ['m1', 'm2', 'm3'].map((id) => member(id));
    const ids = plannedMembers(ring, 'm2', 0).map((one) => one.member.instance_id);
    expect(ids.sort()).toEqual(['m1', 'm3']);
  });

  it('begin with the heaviest traffic', () => {
    const ring = ['m1', 'm2', 'm3', 'm4'].map((id) => member(id));
    const heaviest = [
      { source: 'm4', target: 'm1' },
      { source: 'm2', target: 'm3' },
      { source: 'm1', target: 'm3' },
    ];
    const ids = plannedMembers(ring, 'm1', 0, heaviest).map((one) => one.member.instance_id);
    expect(ids).toEqual(['m4', 'm3', 'm2']);
  });

  it('are none for somebody whom the registry does not list', () => {
    expect(plannedMembers([member('m1')], 'stranger', 0)).toEqual([]);
  });

  it('stay within a bound of one’s own, whatever the registry lists', () => {
    const locations = Array.from({ length: 1500 }, (_, i) => member(`m${i}`, `l${i}`));
    expect(plannedMembers(locations, 'm7', 0)).toHaveLength(maxMembersProbed);
  });
});

describe('the check of an external target', () => {
  it.each([
    ['tcp', 'db.example:5432', { kind: 'tcp', host: 'db.example', port: 5432 }],
    ['tcp', '[2001:db8::1]:53', { kind: 'tcp', host: '2001:db8::1', port: 53 }],
    ['http', 'http://shop.example/', { kind: 'http', host: 'shop.example', port: 80, path: '/', tls: false }],
    ['http', 'https://shop.example/health', { port: 443, path: '/health', tls: true }],
    ['http', 'https://[2001:db8::1]:8443/x', { host: '2001:db8::1', port: 8443, path: '/x', tls: true }],
  ] as const)('%s %s', (kind, address, target) => {
    const check = externalCheck({ name: 'shop', kind, address });
    expect(check).toMatchObject({ id: 'external:shop', location: 'shop', fixed: true, target });
    expect(check.target.closing).toBe('polite');
  });
});
