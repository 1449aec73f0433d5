import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { instanceId, ipAddress, port } from './text.ts';

/**
 * The address proof: before anybody probes a new address it asks once whether a member of this ring is there, so
 * that nobody can aim the ring at a stranger. The one asked signs *its own* advertised address, so a signature cannot
 * be carried to another one. A signed answer convinces everyone who holds the join token, so members share theirs.
 */
export const signedAnswer = z.object({
  instance_id: instanceId,
  ip: ipAddress,
  port,
  /** Hex, chosen by whoever asked first. */
  nonce: z.string().regex(/^[0-9a-f]{32}$/, 'must be 32 hex digits'),
  /** HMAC-SHA-256 (RFC 2104) in hex. */
  mac: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hex digits'),
});
export type SignedAnswer = z.infer<typeof signedAnswer>;

/** Who claims to be where. */
export type AddressClaim = Pick<SignedAnswer, 'instance_id' | 'ip' | 'port'>;

/** A fresh nonce for a question. */
export function newNonce(): string {
  return randomBytes(16).toString('hex');
}

/** Signs one's own advertised address for the one who asked with `nonce`. */
export function signAddress(token: string, claim: AddressClaim, nonce: string): SignedAnswer {
  return {
    instance_id: claim.instance_id,
    ip: claim.ip,
    port: claim.port,
    nonce,
    mac: macOf(token, claim, nonce),
  };
}

/** Whether `answer` was made by a holder of `token` and speaks for exactly the claimed instance and address. */
export function provesAddress(token: string, claim: AddressClaim, answer: SignedAnswer): boolean {
  const same =
    answer.instance_id === claim.instance_id && answer.ip === claim.ip && answer.port === claim.port;
  if (!same) return false;
  return timingSafeEqual(
    Buffer.from(macOf(token, claim, answer.nonce), 'hex'),
    Buffer.from(answer.mac, 'hex'),
  );
}

function macOf(token: string, claim: AddressClaim, nonce: string): string {
  // JSON keeps the fields apart: no id can be written so that it reads like another id and address.
  const text = JSON.stringify(['netring address proof 1', nonce, claim.instance_id, claim.ip, claim.port]);
  return createHmac('sha256', token).update(text).digest('hex');
}
