import { expect, test } from 'vitest';
import { tlsTrouble } from './tls-trouble.ts';

test.each([
  ['SELF_SIGNED_CERT_IN_CHAIN', '', /not signed by the CA/],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', '', /not signed by the CA/],
  ['CERT_HAS_EXPIRED', '', /has expired/],
  ['CERT_NOT_YET_VALID', '', /clock/],
  [
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'altnames: DNS:\u001b[2J',
    /^its certificate is for another address[^[]*$/,
  ],
  ['EPROTO', 'routines:ssl3_get_record:wrong version number', /does not speak TLS/],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'wrong version number', /does not speak TLS/],
  ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'tlsv1 alert protocol version', /no TLS from 1\.2 on/],
  ['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', 'handshake failure', /^TLS failed \(ERR_SSL_/],
])('%s is told in words', (code, message, told) => {
  expect(tlsTrouble(Object.assign(new Error(message), { code }))).toMatch(told);
});

test.each(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'HPE_INVALID_CONSTANT'])(
  '%s is none of TLS',
  (code) => {
    expect(tlsTrouble(Object.assign(new Error('x'), { code }))).toBeUndefined();
  },
);
