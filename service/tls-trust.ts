import { createSecureContext, type SecureContext } from 'node:tls';

/** Verifies through `ca`, PEM, alone; through what the machine trusts without one. TLS 1.2 at least. */
export function trustOf(ca: string | undefined): SecureContext {
  return createSecureContext({ ...(ca !== undefined && { ca }), minVersion: 'TLSv1.2' });
}
