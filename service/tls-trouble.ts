/** Nobody of this ring's CA has signed it. */
const strangers = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'INVALID_CA',
]);

/**
 * What an error of a TLS connection means, as the rest of a sentence that begins with "its" far end; `undefined` when
 * it is not about TLS. The texts of a stranger's certificate are not repeated.
 */
export function tlsTrouble({ code = '', message }: NodeJS.ErrnoException): string | undefined {
  if (strangers.has(code)) return 'its certificate is not signed by the CA that is trusted (NETRING_TLS_CA)';
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return 'its certificate has expired';
    case 'CERT_NOT_YET_VALID':
      return 'its certificate is not valid yet: is the clock right, here and there?';
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return 'its certificate is for another address: the one that it was reached at is not among its names';
    case 'EPROTO':
      break;
    default:
      if (!code.startsWith('ERR_SSL_') && !code.startsWith('ERR_TLS_')) return undefined;
  }
  if (/wrong version number|packet length too long|http request/i.test(message))
    return 'it does not speak TLS: http:// instead of https://?';
  if (/protocol version|unsupported protocol/i.test(message)) return 'it speaks no TLS from 1.2 on';
  return `TLS failed (${code})`;
}
