import { describe, expect, test } from 'vitest';
import { ConfigurationError, readConfiguration } from './configuration.ts';
import { tlsProblems, tlsSettings } from './tls-settings.ts';

function read(section: 'registry' | 'member', environment: Record<string, string>) {
  return readConfiguration(section, tlsSettings(section), { environment }, {}, tlsProblems).values;
}

describe.each(['registry', 'member'] as const)('a %s', (section) => {
  test.each([
    [{}, {}],
    [{ NETRING_TLS_CA: 'ca' }, { tlsCa: 'ca' }],
    [
      { NETRING_TLS_CERT: 'c', NETRING_TLS_KEY: 'k' },
      { tlsCert: 'c', tlsKey: 'k' },
    ],
    // As compose files write "not set".
    [{ NETRING_TLS_CERT: '', NETRING_TLS_KEY: '', NETRING_TLS_CA: '' }, {}],
  ])('reads %j', (environment, values) => {
    const none = { tlsCert: undefined, tlsKey: undefined, tlsCa: undefined };
    expect(read(section, environment)).toEqual({ ...none, ...values });
  });

  test.each([
    ['NETRING_TLS_CERT', 'NETRING_TLS_KEY'],
    ['NETRING_TLS_KEY', 'NETRING_TLS_CERT'],
  ])('does not start with %s alone', (given, missing) => {
    expect(() => read(section, { [given]: 'file' })).toThrow(
      new ConfigurationError([
        `${missing}: is missing: ${given} is set, and each is of use only with the other`,
      ]),
    );
  });
});
