import { memberSettings } from '@netring/member/config';
import { registrySettings } from '@netring/registry/config';
import { knownEnvironment } from '@netring/service/known-environment';
import type { SettingTable } from '@netring/service/setting';
import { expect, test } from 'vitest';

const tables: SettingTable[] = [registrySettings, memberSettings];
const settings = tables.flatMap((table) => Object.values(table));

test('the names that stop no service are exactly those that some service reads', () => {
  const read = settings.flatMap(({ env }) => (env?.startsWith('NETRING_') ? [env] : []));
  expect([...knownEnvironment].sort()).toEqual([...new Set(read)].sort());
});

test('no old spelling looks like a name of today', () => {
  expect(settings.filter(({ oldEnv }) => oldEnv?.startsWith('NETRING_'))).toEqual([]);
});

test('one name is one key of a service', () => {
  for (const table of tables) {
    const names = Object.values(table).flatMap(({ env }) => env ?? []);
    expect(new Set(names).size).toBe(names.length);
  }
});
