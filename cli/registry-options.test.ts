import { Command } from 'commander';
import { afterEach, expect, test, vi } from 'vitest';
import { registryAccess, withRegistry, type RegistryOptions } from './registry-options.ts';

afterEach(() => vi.unstubAllEnvs());

const none = { url: 'http://localhost:8756', token: undefined, ca: undefined };

test.each([
  ['view', [], {}, none],
  [
    'view',
    ['--registry', 'https://r', '--token', 't', '--ca', 'c'],
    {},
    { url: 'https://r', token: 't', ca: 'c' },
  ],
  [
    'view',
    [],
    { NETRING_REGISTRY_URL: 'https://r', NETRING_TLS_CA: 'c' },
    { ...none, url: 'https://r', ca: 'c' },
  ],
  ['view', ['--ca', 'mine'], { NETRING_TLS_CA: 'c' }, { ...none, ca: 'mine' }],
  ['view', [], { NETRING_VIEW_TOKEN: 'v', NETRING_OPERATOR_TOKEN: 'o' }, { ...none, token: 'v' }],
  ['operator', [], { NETRING_VIEW_TOKEN: 'v', NETRING_OPERATOR_TOKEN: 'o' }, { ...none, token: 'o' }],
  ['operator', [], { NETRING_VIEW_TOKEN: 'v' }, none],
  ['any', [], { NETRING_VIEW_TOKEN: 'v' }, { ...none, token: 'v' }],
  // As compose files write "not set".
  ['view', [], { NETRING_REGISTRY_URL: '', NETRING_VIEW_TOKEN: '', NETRING_TLS_CA: '' }, none],
] as const)('with the right to %s, %j and %j ask %j', (right, args, environment, access) => {
  for (const name of ['REGISTRY_URL', 'VIEW_TOKEN', 'OPERATOR_TOKEN', 'TLS_CA'])
    vi.stubEnv(`NETRING_${name}`, undefined);
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  const command = withRegistry(new Command('x'), right).parse([...args], { from: 'user' });
  expect(registryAccess(command.opts<RegistryOptions>(), right)).toEqual(access);
});
