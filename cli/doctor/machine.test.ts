import { expect, test } from 'vitest';
import { judgeCapability, judgeNode, parseCapabilities } from './machine.ts';

test.each([
  ['18.20.0', 'problem'],
  ['20.18.3', 'problem'],
  ['20.19.0', 'ok'],
  ['22.1.0', 'ok'],
  ['23.0.0', 'warning'],
  ['24.4.1', 'ok'],
])('Node %s: %s', (version, outcome) => {
  expect(judgeNode(version).outcome).toBe(outcome);
});

const status = (effective: string, bounding: string) =>
  parseCapabilities(`Name:\tnode\nCapEff:\t${effective}\nCapBnd:\t${bounding}\n`);
const all = '000001ffffffffff';
const dockers = '00000000a80425fb';

test.each([
  [all, all, false, 'ok'],
  ['0000000000000000', dockers, false, 'warning'],
  ['0000000000000000', '0000000000000000', false, 'warning'],
  ['0000000000000000', dockers, true, 'problem'],
  [dockers, dockers, true, 'ok'],
])('CAP_NET_RAW, effective %s, bounding %s, demanded %s: %s', (effective, bounding, isDemanded, outcome) => {
  const wanted = { name: 'CAP_NET_RAW', use: 'ICMP', setting: 'NETRING_ICMP=0', isDemanded } as const;
  expect(judgeCapability(wanted, status(effective, bounding)).outcome).toBe(outcome);
});

test.each([
  ['0', 'ok'],
  ['1', 'warning'],
])('a program that hands it on, no new privileges: %s: %s', (noNewPrivileges, outcome) => {
  const text = `CapEff:\t0\nCapBnd:\t${dockers}\nNoNewPrivs:\t${noNewPrivileges}\n`;
  const wanted = { name: 'CAP_NET_RAW', use: 'ICMP', setting: 'NETRING_ICMP=0', isDemanded: false } as const;
  const found = judgeCapability({ ...wanted, raiser: '/raise' }, parseCapabilities(text));
  expect(found.outcome).toBe(outcome);
  expect(judgeCapability(wanted, parseCapabilities(text)).outcome).toBe('warning');
});

test('what cannot be got is told apart from what was not given', () => {
  const wanted = { name: 'CAP_SYS_PTRACE', use: 'sockets', setting: 'x=off', isDemanded: false } as const;
  expect(judgeCapability(wanted, status('0', dockers)).said).toContain('cannot get it');
  expect(judgeCapability(wanted, status('0', all)).said).not.toContain('cannot get it');
  expect(judgeCapability(wanted, undefined).outcome).toBe('skipped');
});
