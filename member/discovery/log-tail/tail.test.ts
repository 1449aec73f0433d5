import { appendFile, chmod, mkdtemp, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startTail, type Tail, type TailOptions } from './tail.ts';

let folder: string;
let path: string;
let tail: Tail | undefined;
let lines: string[];
let losses: string[];
let states: string[];
let cuts: number;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netring-tail-'));
  path = join(folder, 'access.log');
  [lines, losses, states, cuts] = [[], [], [], 0];
});
afterEach(async () => {
  await tail?.stop();
  tail = undefined;
  await rm(folder, { recursive: true, force: true });
});

function follow(options: Partial<TailOptions> = {}): void {
  tail = startTail({
    path,
    pollMs: 5,
    onLine: (bytes, start, end) => lines.push(bytes.toString('utf8', start, end)),
    onLoss: (loss) => losses.push(loss),
    onTruncated: () => cuts++,
    onState: ({ kind }) => states.push(kind),
    ...options,
  });
}
const reading = () => expect.poll(() => states.at(-1)).toBe('reading');
const seen = (expected: readonly string[]) => expect.poll(() => lines).toEqual(expected);

describe('a followed file', () => {
  test('is read from its end, and from its beginning when that is asked for', async () => {
    await writeFile(path, 'old\n');
    follow();
    await reading();
    await appendFile(path, 'new\r\n\nnewer\n');
    await seen(['new', 'newer']);
    await tail?.stop();
    lines = [];
    follow({ from: 'start' });
    await seen(['old', 'new', 'newer']);
  });

  test('gives a line once it is whole', async () => {
    await writeFile(path, 'half a li');
    follow();
    await reading();
    await appendFile(path, 'ne\nthe next');
    await appendFile(path, ' one\n');
    await seen(['the next one']);
    expect(losses).toEqual(['half_line']);
  });

  test('is read from its beginning when it appears later', async () => {
    follow();
    await expect.poll(() => states).toEqual(['waiting']);
    await writeFile(path, 'first\n');
    await seen(['first']);
    await reading();
  });

  test('is followed through rotation, what is still written to the old one among it', async () => {
    await writeFile(path, 'a\n');
    follow({ from: 'start' });
    await seen(['a']);
    await appendFile(path, 'b\n');
    await rename(path, `${path}.1`);
    await appendFile(`${path}.1`, 'c\n');
    await writeFile(path, 'd\n');
    await seen(['a', 'b', 'c', 'd']);
    await appendFile(`${path}.1`, 'late\n');
    await seen(['a', 'b', 'c', 'd', 'late']);
    await appendFile(path, 'e\n');
    await seen(['a', 'b', 'c', 'd', 'late', 'e']);
    expect([losses, cuts]).toEqual([[], 0]);
  });

  test('is read anew after it was cut, also when it has outgrown the old place since', async () => {
    await writeFile(path, 'one\ntwo\n');
    follow({ from: 'start' });
    await seen(['one', 'two']);
    await truncate(path, 0);
    await expect.poll(() => cuts).toBe(1);
    await appendFile(path, 'three\n');
    await seen(['one', 'two', 'three']);
    await writeFile(path, 'a longer first line than was there before\n');
    await seen(['one', 'two', 'three', 'a longer first line than was there before']);
    expect(cuts).toBe(2);
  });

  test('is read on after its name is gone, and its successor from the beginning', async () => {
    await writeFile(path, '');
    follow();
    await reading();
    await rm(path);
    await expect.poll(() => states.at(-1)).toBe('old_file');
    await writeFile(path, 'again\n');
    await seen(['again']);
    await reading();
  });

  test('loses lines that are too long, and nothing else', async () => {
    await writeFile(path, `short\n${'x'.repeat(70_000)}\nshort too\n${'y'.repeat(900)}\n`);
    follow({ from: 'start', longestLine: 1000, chunkBytes: 512 });
    await seen(['short', 'short too', 'y'.repeat(900)]);
    expect(losses).toEqual(['line_too_long']);
  });

  test('gives lines after a hole of NULs', async () => {
    await writeFile(path, `${'\0'.repeat(5000)}after\n\0\0\0\n`);
    follow({ from: 'start' });
    await seen(['after']);
  });

  test('says what to do where it may not be read', async () => {
    const reasons: string[] = [];
    await writeFile(path, 'x\n');
    await chmod(path, 0);
    await chmod(folder, 0o755);
    // Root may read everything: for so long this process is nobody.
    const isRoot = process.geteuid?.() === 0;
    if (isRoot) process.seteuid?.(65_534);
    try {
      follow({ onState: (state) => reasons.push('reason' in state ? state.reason : '') });
      await expect.poll(() => reasons[0]).toMatch(/setfacl/);
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
  });

  test('that is a folder is told of', async () => {
    const reasons: string[] = [];
    follow({ path: folder, onState: (state) => reasons.push('reason' in state ? state.reason : '') });
    await expect.poll(() => reasons).toEqual([`${folder} cannot be read: it is no regular file.`]);
  });
});
