import { registrySettings } from '@netring/registry/config';
import { optionalText, setting, type Setting } from '@netring/service/setting';
import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { addSettingFlags, flagName, givenFlags } from './setting-flags.ts';

const one = (part: Partial<Setting<string | undefined>>) =>
  setting({ yaml: 'x.y', schema: optionalText(9), default: undefined, about: 'about', ...part });

test.each([
  [{ env: 'NETRING_CHECK_INTERVAL' }, 'check-interval'],
  [{ env: 'NETRING_SERVER_PORT' }, 'port'],
  [{ env: 'NETRING_REGISTRY_URL' }, 'registry'],
  [{ env: 'NETRING_TOKEN', secret: true }, undefined],
  [{ env: 'HOST_IP' }, undefined],
  [{}, undefined],
])('the flag of %j is %s', (part, name) => {
  expect(flagName(one(part))).toBe(name);
});

describe('flags of a command', () => {
  function given(args: string[]): Record<string, unknown> {
    const command = new Command().argument('[file]').exitOverride();
    addSettingFlags(command, registrySettings);
    return givenFlags(command.parse(args, { from: 'user' }), registrySettings);
  }

  test('come back by the key of their setting, as they were written', () => {
    expect(given(['--port', '80', '--data-dir', 'x', '--insecure'])).toEqual({
      'registry.server.port': '80',
      'registry.data_dir': 'x',
      'registry.insecure': true,
    });
  });

  test('that were not given say nothing', () => {
    expect(given([])).toEqual({});
  });

  test('a switch does not swallow the file that follows it', () => {
    expect(given(['--insecure', 'registry.yaml'])).toEqual({ 'registry.insecure': true });
  });
});
