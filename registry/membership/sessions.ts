import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** A fresh session secret: 192 random bits, so its hash needs no salt. */
export function newSession(): string {
  return randomBytes(24).toString('hex');
}

/** What the store keeps of a session. */
export function sessionHash(session: string): string {
  return createHash('sha256').update(session).digest('hex');
}

/** Compares two secrets without telling by the time taken where they differ. */
export function sameSecret(given: string, expected: string): boolean {
  const a = createHash('sha256').update(given).digest();
  const b = createHash('sha256').update(expected).digest();
  return timingSafeEqual(a, b);
}
