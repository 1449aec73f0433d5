import fc from 'fast-check';
import { expect, test } from 'vitest';
import { endOfQuoted, hashOf, indexOfByte, isSame, quoteOrBackslash, viewsOfBuffers } from './byte-scan.ts';

/** Bytes near quote and backslash, and those whose high bit could disturb the words. */
const bytes = fc
  .array(fc.constantFrom(0x00, 0x01, 0x21, 0x22, 0x23, 0x5b, 0x5c, 0x5d, 0x80, 0xa2, 0xdc, 0xff), {
    maxLength: 40,
  })
  .map((all) => Buffer.from(all));

test('eight bytes at a time find what one at a time finds', () => {
  const viewOf = viewsOfBuffers();
  fc.assert(
    fc.property(bytes, fc.nat(8), fc.nat(8), (line, skipped, left) => {
      const start = Math.min(skipped, line.length);
      const end = Math.max(start, line.length - left);
      const found = [...line.subarray(start, end)].findIndex((byte) => byte === 0x22 || byte === 0x5c);
      expect(quoteOrBackslash(line, viewOf(line), start, end)).toBe(found < 0 ? end : start + found);
      for (const wanted of [0x00, 0x22, 0x5d]) {
        const first = line.subarray(start, end).indexOf(wanted);
        expect(indexOfByte(line, viewOf(line), start, end, wanted)).toBe(first < 0 ? end : start + first);
      }
    }),
    { numRuns: 2000 },
  );
});

test('a text in quotes ends at the first quote that no backslash stands before', () => {
  const viewOf = viewsOfBuffers();
  fc.assert(
    fc.property(bytes, (line) => {
      const text = line.toString('latin1');
      const plain = /^(?:[^"\\]|\\[^])*"/.exec(text);
      const end = endOfQuoted(line, viewOf(line), 0, line.length);
      expect(end).toBe(plain === null ? -1 : plain[0].length - 1);
    }),
    { numRuns: 2000 },
  );
});

test('what is the same in two places is told, and has one hash, and what differs in one bit is not', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat(9), fc.nat(), (text, before, change) => {
      const line = Buffer.concat([Buffer.alloc(before), text, Buffer.from('x')]);
      const [a, b] = [viewsOfBuffers()(line), viewsOfBuffers()(Buffer.from(text))];
      const same = (): boolean => isSame(a, before, b, 0, text.length);
      expect(same()).toBe(true);
      expect(hashOf(a, before, before + text.length, 7)).toBe(hashOf(b, 0, text.length, 7));
      if (text.length === 0) return;
      line[before + (change % text.length)]! ^= 1 << (change & 7);
      expect(same()).toBe(false);
    }),
  );
});
