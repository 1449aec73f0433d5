import type { MemberView } from '@netring/contract/member';
import { describe, expect, test } from 'vitest';
import { judgeAddress, judgeRegistration } from './address.ts';

const own = ['127.0.0.1', '192.0.2.7', '2001:db8::7'];
const listenHost = '0.0.0.0';

test.each([
  ['192.0.2.7', false, '192.0.2.1', 'ok'],
  ['127.0.0.1', false, '127.0.0.1', 'ok'],
  ['127.0.0.1', false, '192.0.2.7', 'ok'],
  ['127.0.0.1', true, '192.0.2.1', 'problem'],
  ['169.254.1.1', false, '192.0.2.1', 'problem'],
  ['198.51.100.4', true, '192.0.2.1', 'ok'],
  ['198.51.100.4', false, '192.0.2.1', 'warning'],
  ['eu1.example', true, '192.0.2.1', 'problem'],
])('%s (told: %s) with the registry at %s: %s', (ip, isTold, registryAddress, outcome) => {
  expect(judgeAddress({ ip, isTold, listenHost, own, registryAddress }).outcome).toBe(outcome);
});

const facts = { isTold: false, listenHost, own, registryAddress: undefined };

test.each([
  ['0.0.0.0', 'warning'],
  ['::', 'ok'],
])('an address of IPv6 while %s is listened on: %s', (host, outcome) => {
  expect(judgeAddress({ ...facts, ip: '2001:db8::7', listenHost: host }).outcome).toBe(outcome);
});

test('no address at all says what to set', () => {
  const none = judgeAddress({ ...facts, ip: { none: 'no route' } });
  expect(none).toMatchObject({
    outcome: 'problem',
    todo: expect.stringContaining('NETRING_ADVERTISE_IP') as string,
  });
});

describe('what the ring sees', () => {
  const view: MemberView = {
    instance_id: 'us1-a',
    location: 'us1',
    ip: '192.0.2.7',
    port: 8757,
    last_seen: 1,
    registered_at: 1,
    status: 'online',
    proved: true,
    peers: 'reachable',
    external_targets: [],
    probes_off: [],
  };
  test.each<[string, Partial<MemberView>, string[]]>([
    ['all well', {}, ['ok']],
    ['another address', { ip: '192.0.2.9' }, ['problem']],
    ['unproved', { proved: false, peers: 'unknown' }, ['problem']],
    ['silent', { status: 'offline' }, ['problem']],
    ['cut off', { peers: 'unreachable' }, ['problem']],
    ['a probe is off', { probes_off: [{ kind: 'icmp', reason: 'no right' }] }, ['warning']],
  ])('%s', (_, changed, outcomes) => {
    const findings = judgeRegistration('us1-a', '192.0.2.7', { ...view, ...changed });
    expect(findings.map(({ outcome }) => outcome)).toEqual(outcomes);
  });
  test('nothing', () => {
    expect(judgeRegistration('us1-a', '192.0.2.7', undefined)[0]?.outcome).toBe('warning');
  });
});
