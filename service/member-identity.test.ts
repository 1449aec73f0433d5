import type { PeerCertificate } from 'node:tls';
import { expect, test } from 'vitest';
import { checkMemberIdentity } from './member-identity.ts';

test.each([
  ['IP Address:10.0.0.1', '10.0.0.1', true],
  ['DNS:x.example, IP Address:10.0.0.2, IP Address:10.0.0.1', '10.0.0.1', true],
  ['IP Address:2001:DB8:0:0:0:0:0:1', '2001:db8::1', true],
  ['DNS:member.netring', '10.0.0.1', true],
  ['IP Address:10.0.0.2', '10.0.0.1', false],
  ['DNS:10.0.0.1', '10.0.0.1', false],
  ['DNS:registry.netring', '10.0.0.1', false],
  ['DNS:"x, DNS:member.netring"', '10.0.0.1', false],
  ['', '10.0.0.1', false],
])('a certificate for %j is believed at %s: %s', (subjectaltname, address, is) => {
  const certificate = { subject: { CN: '10.0.0.1' }, subjectaltname } as unknown as PeerCertificate;
  expect(checkMemberIdentity(address, certificate) === undefined).toBe(is);
});
