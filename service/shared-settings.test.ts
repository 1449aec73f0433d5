import { describe, expect, test } from 'vitest';
import { ConfigurationError, readConfiguration } from './configuration.ts';
import { logLevelSetting, serverHostSetting, tokenSetting } from './shared-settings.ts';

/** Reads the shared settings of one service from an environment. */
function read(section: 'registry' | 'member', environment: Record<string, string>) {
  const table = {
    token: tokenSetting(section, 'token', ''),
    viewToken: tokenSetting(section, 'view_token', ''),
    serverHost: serverHostSetting(section),
    logLevel: logLevelSetting(section, ''),
  };
  return readConfiguration(section, table, { environment });
}

describe.each(['registry', 'member'] as const)('a %s', (section) => {
  test('has no token, no host and the level info, unless told', () => {
    const unset = { token: undefined, viewToken: undefined, serverHost: undefined, logLevel: 'info' };
    expect(read(section, {}).values).toEqual(unset);
  });

  test.each([
    ['short', 'must have at least 16 characters: make one with "openssl rand -hex 32"'],
    ...['sixteen and more spaces', 'ümlaut-ümlaut-ümlaut', 'a-line\nand-another-one'].map((text) => [
      text,
      'must be of letters, digits and signs, without spaces: make one with "openssl rand -hex 32"',
    ]),
  ])('takes no token like %j, and does not show it', (text, problem) => {
    for (const name of ['NETRING_TOKEN', 'NETRING_VIEW_TOKEN'])
      expect(() => read(section, { [name]: text })).toThrow(
        new ConfigurationError([`${name}: *** is not allowed: ${problem}`]),
      );
  });

  test.each(['0123456789abcdef', '!"#$%&()*+,-./:;<=>?@[]^_`{|}~'])('takes the token %j', (token) => {
    expect(read(section, { NETRING_TOKEN: token }).values.token).toBe(token);
  });

  test.each([
    ['debug', 'debug'],
    ['INFO', 'info'],
    ['WARNING', 'warn'],
    [' Error ', 'error'],
  ])('reads the level %j, also under its old name', (text, level) => {
    expect(read(section, { NETRING_LOG_LEVEL: text }).values.logLevel).toBe(level);
    const old = read(section, { LOG_LEVEL: text });
    expect(old.values.logLevel).toBe(level);
    expect(old.warnings).toEqual(['LOG_LEVEL is an old spelling: write NETRING_LOG_LEVEL']);
  });

  test('says which levels there are', () => {
    const problem = 'NETRING_LOG_LEVEL: "loud" is not allowed: must be one of: debug, info, warn, error';
    expect(() => read(section, { NETRING_LOG_LEVEL: 'loud' })).toThrow(new ConfigurationError([problem]));
  });
});
