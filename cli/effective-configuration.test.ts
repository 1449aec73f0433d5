import { memberSettings } from '@netring/member/config';
import { readConfiguration } from '@netring/service/configuration';
import { expect, test } from 'vitest';
import { effectiveSettings, effectiveTable } from './effective-configuration.ts';

const token = 'a-token-of-some-length';

function effective() {
  const read = readConfiguration('member', memberSettings, {
    flags: { 'member.server.port': '9000' },
    environment: { NETRING_TOKEN: token },
    dotenv: 'NETRING_LOCATION=us1',
    file: { name: 'member.yaml', text: 'member:\n  checks:\n    tcp_timeout: 3\n' },
  });
  return effectiveSettings(memberSettings, read);
}

test.each([
  ['member.server.port', 9000, 'flag'],
  ['member.token', '***', 'NETRING_TOKEN'],
  ['member.location', 'us1', '.env NETRING_LOCATION'],
  ['member.checks.tcp_timeout', 3, 'member.yaml line 3, column 5'],
  ['member.checks.http_timeout', 5, 'default'],
  ['member.view_token', null, 'default'],
])('%s is %s, from %s', (key, value, from) => {
  expect(effective().find((one) => one.key === key)).toMatchObject({ value, from });
});

test('no secret is in the table', () => {
  expect(effectiveTable(effective())).not.toContain(token);
});
