import { hash, timingSafeEqual } from 'node:crypto';

/** Bytes of a message that are signed, and bytes of the signature behind them. */
export const signedBytes = 32;
export const signatureBytes = 16;

/** Signs messages for one asked member with one key. */
export interface Signer {
  /** Puts the signature behind what is signed. */
  sign(message: Buffer): Buffer;
  isSigned(message: Buffer): boolean;
}

const blockBytes = 64;
const digestBytes = 32;

/**
 * HMAC-SHA-256 (RFC 2104), cut to 128 bits, over a message's first 32 bytes and the name of the one asked. Both blocks of
 * the key are laid out once, and digests come as text, which Node makes without a buffer of its own: for messages this
 * short, its `Hmac` takes four times as long.
 *
 * @param key at most 64 bytes
 * @param asked name of the member that is to answer
 */
export function createSigner(key: Buffer, asked: string): Signer {
  const inner = Buffer.concat([padded(key, 0x36), Buffer.alloc(signedBytes), Buffer.from(asked)]);
  const outer = Buffer.concat([padded(key, 0x5c), Buffer.alloc(digestBytes)]);
  const expected = Buffer.alloc(signatureBytes);
  /** Puts the signature of a message into `to`. */
  const putSignature = (message: Buffer, to: Buffer, at: number): void => {
    inner.set(message.subarray(0, signedBytes), blockBytes);
    outer.write(hash('sha256', inner, 'binary'), blockBytes, digestBytes, 'latin1');
    to.write(hash('sha256', outer, 'binary'), at, signatureBytes, 'latin1');
  };
  return {
    sign(message) {
      putSignature(message, message, signedBytes);
      return message;
    },
    isSigned(message) {
      putSignature(message, expected, 0);
      return timingSafeEqual(expected, message.subarray(signedBytes));
    },
  };
}

/** A key as long as a block of the hash, each byte changed by `pad`. */
function padded(key: Buffer, pad: number): Buffer {
  if (key.length > blockBytes) throw new Error(`A key has at most ${blockBytes} bytes, not ${key.length}.`);
  const block = Buffer.alloc(blockBytes, pad);
  for (const [at, byte] of key.entries()) block.writeUInt8(byte ^ pad, at);
  return block;
}
