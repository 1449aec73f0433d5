import { expect, test } from 'vitest';
import { ByteTable } from './byte-table.ts';

test('what repeats is made once, and is the same for the same bytes only', () => {
  let made = 0;
  const table = new ByteTable((bytes, start, end) => {
    made++;
    return bytes.toString('utf8', start, end);
  });
  const find = (text: string): string => {
    const bytes = Buffer.from(`<${text}>`);
    return table.find(bytes, 1, bytes.length - 1);
  };
  const texts = Array.from({ length: 5000 }, (_, n) => `/path/${n * 7919}`);
  for (const text of [...texts, ...texts]) expect(find(text)).toBe(text);
  expect(made).toBe(texts.length);
  expect(find('')).toBe('');
});

test('it holds a bounded number, and goes on giving the right values', () => {
  const table = new ByteTable((bytes, start, end) => bytes.toString('utf8', start, end));
  for (let n = 0; n < 50_000; n++) {
    const bytes = Buffer.from(`${n}${'x'.repeat(n % 300)}`);
    expect(table.find(bytes, 0, bytes.length)).toBe(bytes.toString());
  }
});
