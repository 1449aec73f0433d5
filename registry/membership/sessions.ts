import { hash, randomBytes, timingSafeEqual } from 'node:crypto';

/** A fresh session secret: 192 random bits, so its hash needs no salt. */
export function newSession(): string {
  return randomBytes(24).toString('hex');
}

/** What the store keeps of a session. */
export function sessionHash(session: string): string {
  return hash('sha256', session, 'hex');
}

/** Compares two secrets without telling by the time taken where they differ. */
export function sameSecret(given: string, expected: string): boolean {
  const a = hash('sha256', given, 'buffer');
  const b = hash('sha256', expected, 'buffer');
  return timingSafeEqual(a, b);
}
