import fc from 'fast-check';
import { expect, test } from 'vitest';
import { byteText, endOfQuoted, isAt, quoteOrBackslash, viewsOfBuffers } from './byte-scan.ts';

/** Bytes near quote and backslash, and those whose high bit could disturb the words. */
const bytes = fc
  .array(fc.constantFrom(0x00, 0x01, 0x21, 0x22, 0x23, 0x5b, 0x5c, 0x5d, 0x80, 0xa2, 0xdc, 0xff), {
    maxLength: 40,
  })
  .map((all) => Buffer.from(all));

test('four bytes at a time find what one at a time finds', () => {
  const viewOf = viewsOfBuffers();
  fc.assert(
    fc.property(bytes, fc.nat(8), fc.nat(8), (line, skipped, left) => {
      const start = Math.min(skipped, line.length);
      const end = Math.max(start, line.length - left);
      const found = [...line.subarray(start, end)].findIndex((byte) => byte === 0x22 || byte === 0x5c);
      expect(quoteOrBackslash(line, viewOf(line), start, end)).toBe(found < 0 ? end : start + found);
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

test('a text is found where it stands, whole, and nowhere else', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 12 }), fc.nat(5), fc.nat(), (text, before, change) => {
      const line = Buffer.concat([Buffer.alloc(before), text, Buffer.from('x')]);
      const view = viewsOfBuffers()(line);
      const end = before + text.length;
      expect(isAt(line, view, before, end, byteText(text))).toBe(true);
      expect(isAt(line, view, before, end - 1, byteText(text))).toBe(false);
      if (text.length === 0) return;
      line[before + (change % text.length)]! ^= 1;
      expect(isAt(line, view, before, end, byteText(text))).toBe(false);
    }),
  );
});
