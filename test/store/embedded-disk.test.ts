import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore, StoreAway } from '@netring/registry/store/index';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netring-disk-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A file system of its own, so small that it gets full; needs root. */
function mountSmall(at: string, options: string): boolean {
  return spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', at]).status === 0;
}

const unmount = (at: string): void => void spawnSync('umount', [at]);

function mountUnavailableReason(): string | undefined {
  const at = mkdtempSync(join(tmpdir(), 'netring-mount-'));
  const isMounted = mountSmall(at, 'size=1m');
  if (isMounted) unmount(at);
  rmSync(at, { recursive: true });
  return isMounted ? undefined : 'no right to mount a file system';
}

const noMount = mountUnavailableReason();

describe('embedded store and its disk', () => {
  test.skipIf(noMount !== undefined)(
    `is away while the disk is full, loses nothing, and goes on when there is room${noMount ? ` (skipped: ${noMount})` : ''}`,
    async () => {
      mountSmall(folder, 'size=16m');
      try {
        const store = await openStore({ kind: 'embedded', folder });
        const done: string[] = [];
        const put = (key: string) =>
          store.commit({
            require: [{ group: 'values', key, equals: undefined }],
            put: [{ group: 'values', key, value: Buffer.alloc(100_000, Number(key)) }],
            append: { log: 'log', value: key, bound: { entries: 10_000, ageMs: 600_000 } },
          });
        const fill = async () => {
          for (let i = 0; ; i++) {
            await put(String(i));
            done.push(String(i));
          }
        };
        await expect(fill()).rejects.toBeInstanceOf(StoreAway);
        const failed = String(done.length);
        expect(done.length).toBeGreaterThan(10);
        expect(await store.table.get('values', '5')).toEqual(Buffer.alloc(100_000, 5));
        expect(await store.table.get('values', failed)).toBeUndefined();

        mountSmall(folder, 'remount,size=256m');
        await expect.poll(() => put(failed).catch(() => undefined)).toMatchObject({ outcome: 'done' });
        const logged = (await store.log.range('log', '0-0', 10_000)).map(({ value }) => value.toString());
        expect(logged).toEqual([...done, failed]);
        expect((await store.table.list('values')).size).toBe(done.length + 1);
        await store.close();
      } finally {
        unmount(folder);
      }
    },
  );

  test('removes the folder that it made for itself', async () => {
    const store = await openStore({ kind: 'embedded', folder: undefined });
    await store.table.put('g', 'k', 'v');
    await store.close();
    await store.close();
    const again = await openStore({ kind: 'embedded', folder: undefined });
    expect(await again.table.get('g', 'k')).toBeUndefined();
    await again.close();
  });

  test('makes its folder, and keeps what was put over a restart', async () => {
    const deeper = join(folder, 'a', 'b');
    const first = await openStore({ kind: 'embedded', folder: deeper });
    await first.table.put('stays', 'k', 'v');
    await first.table.put('expires', 'k', 'v', 1);
    await first.close();
    await expect(first.table.get('stays', 'k')).rejects.toBeInstanceOf(StoreAway);
    await expect(first.commit({})).rejects.toBeInstanceOf(StoreAway);
    const second = await openStore({ kind: 'embedded', folder: deeper });
    expect((await second.table.get('stays', 'k'))?.toString()).toBe('v');
    await expect.poll(() => second.table.get('expires', 'k')).toBeUndefined();
    await second.close();
  });

  test('says what to do about a folder that is none', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    await expect(openStore({ kind: 'embedded', folder: file })).rejects.toThrow(
      `The store cannot be opened in ${file}: `,
    );
  });
});
