import { probeKinds } from '@netring/contract/result';
import { expect, it } from 'vitest';
import { memberSettings, type MemberConfig } from './config.ts';
import { probesOff } from './self-health.ts';

const up = { kind: 'up', restarts: 0, pulse: undefined } as const;
const all = Object.fromEntries(Object.entries(memberSettings).map(([name, one]) => [name, one.default]));
const config = (changes: Partial<MemberConfig>): MemberConfig => ({ ...all, ...changes }) as MemberConfig;

it.each<[string, Partial<MemberConfig>, readonly string[]]>([
  ['none', {}, []],
  ['those that are turned off', { icmp: false }, ['icmp']],
  ['all, where a member checks nobody', { checks: false }, probeKinds],
])('a member says which kinds it does not probe with: %s', (_, changes, kinds) => {
  expect(probesOff(config(changes), up).map(({ kind }) => kind)).toEqual(kinds);
});
