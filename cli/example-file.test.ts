import { readFileSync } from 'node:fs';
import { memberSettings } from '@netring/member/config';
import { registrySettings } from '@netring/registry/config';
import { readConfiguration } from '@netring/service/configuration';
import type { SettingTable } from '@netring/service/setting';
import { describe, expect, test } from 'vitest';
import { exampleFile } from './example-file.ts';

const services: ['registry' | 'member', SettingTable][] = [
  ['registry', registrySettings],
  ['member', memberSettings],
];

describe.each(services)('config/%s.yaml', (service, table) => {
  const text = readFileSync(new URL(`../config/${service}.yaml`, import.meta.url), 'utf8');

  test(`is what "netring config ${service} --example" prints`, () => {
    expect(text).toBe(exampleFile(service, table));
  });

  test('is read without a complaint, and changes no default', () => {
    const file = { name: `${service}.yaml`, text };
    const { values, warnings } = readConfiguration(service, table, { environment: {}, file });
    expect(warnings).toEqual([]);
    const defaults = Object.entries(table).map(([name, one]) => [name, one.default]);
    expect(values).toEqual(Object.fromEntries(defaults));
  });
});
