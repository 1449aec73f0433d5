import { createHmac } from 'node:crypto';
import { assert, property, string, uint8Array } from 'fast-check';
import { expect, test } from 'vitest';
import { createSigner, signatureBytes, signedBytes } from './udp-signature.ts';

const key = Buffer.alloc(32, 7);
const message = () => Buffer.alloc(signedBytes + signatureBytes, 3);

test("a signature is the first half of Node's own HMAC-SHA-256", () => {
  const keys = uint8Array({ minLength: 1, maxLength: 64 });
  const bodies = uint8Array({ minLength: signedBytes, maxLength: signedBytes });
  const names = string({ unit: 'binary', maxLength: 100 });
  assert(
    property(keys, bodies, names, (someKey, body, name) => {
      const expected = createHmac('sha256', someKey).update(body).update(name).digest();
      const signed = createSigner(Buffer.from(someKey), name).sign(
        Buffer.concat([body, Buffer.alloc(signatureBytes)]),
      );
      expect(signed.subarray(signedBytes)).toEqual(expected.subarray(0, signatureBytes));
    }),
  );
});

test('one bit more or less anywhere, another key or another name, and it is not signed', () => {
  const signer = createSigner(key, 'b');
  const signed = signer.sign(message());
  expect(signer.isSigned(signed)).toBe(true);
  for (let bit = 0; bit < signed.length * 8; bit++) {
    const forged = Buffer.from(signed);
    forged.writeUInt8(forged.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
    expect(signer.isSigned(forged)).toBe(false);
  }
  expect(createSigner(key, 'c').isSigned(signed)).toBe(false);
  expect(createSigner(Buffer.alloc(32, 8), 'b').isSigned(signed)).toBe(false);
});

test('a key longer than a block is refused', () => {
  expect(() => createSigner(Buffer.alloc(65), 'b')).toThrow('at most 64 bytes');
});
