import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writePrivately } from './private-file.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'netring-private-file-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const rightsOf = (file: string) => statSync(file).mode & 0o777;

test('a new file, one that others could read, and one behind a link are read by their owner only', () => {
  const [fresh, open, link] = ['fresh', 'open', 'link'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(open, 'before', { mode: 0o644 });
  symlinkSync('open', link);
  for (const file of [fresh, open, link]) {
    writePrivately(file, `of ${file}`);
    expect(readFileSync(file, 'utf8')).toBe(`of ${file}`);
    expect(rightsOf(file)).toBe(0o600);
  }
  expect(readFileSync(open, 'utf8')).toBe(`of ${link}`);
  expect(readdirSync(folder).sort()).toEqual(['fresh', 'link', 'open']);
});

test('what cannot be written leaves nothing behind', () => {
  const inside = join(folder, 'folder');
  mkdirSync(inside);
  expect(() => writePrivately(inside, 'text')).toThrow(/EISDIR/);
  expect(() => writePrivately(join(inside, 'missing', 'file'), 'text')).toThrow(/ENOENT/);
  expect(readdirSync(inside)).toEqual([]);
});
