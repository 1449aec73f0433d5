import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createOwners } from './owners.ts';

let proc = '';
beforeEach(async () => {
  proc = await mkdtemp(join(tmpdir(), 'netring-owners-'));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(proc, { recursive: true, force: true });
});

/** Gives a process of the made-up `/proc` one more descriptor, of a socket or of a file. */
async function open(pid: number, descriptor: number, inode?: number): Promise<void> {
  await mkdir(join(proc, String(pid), 'fd'), { recursive: true });
  const path = join(proc, String(pid), 'fd', String(descriptor));
  await rm(path, { force: true });
  await symlink(inode === undefined ? '/some/file' : `socket:[${inode}]`, path);
}

/** A machine on which a piece of a look is over after two processes. */
function slowClock(): void {
  let nowMs = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => (nowMs += 4));
}

describe('whose a socket is', () => {
  test('is found at the first look, however many processes there are', async () => {
    for (let pid = 2; pid < 60; pid++) await open(pid, 3, 1000 + pid);
    slowClock();
    const owners = createOwners(proc);
    await owners.look([1005, 1050], range(2, 60), () => true);
    expect([owners.pidOf(1005), owners.pidOf(1050)]).toEqual([5, 50]);
  });

  test('is found in one that was looked into before, on a machine where others open sockets all the time', async () => {
    const pids = range(2, 160);
    for (const pid of pids) await open(pid, 3, 1000 + pid);
    const owners = createOwners(proc);
    await owners.look(
      pids.map((pid) => 1000 + pid),
      pids,
      () => true,
    );
    slowClock();
    // The one looked into longest ago.
    await open(159, 4, 7);
    let looks = 0;
    while (owners.pidOf(7) === undefined && !owners.isGivenUp(7)) {
      expect(++looks).toBeLessThan(100);
      const busy = 10 + (looks % 50);
      await open(busy, 4 + looks, 5000 + looks);
      await owners.look([5000 + looks, 7], pids, () => true);
    }
    expect(owners.pidOf(7)).toBe(159);
  });

  test('is not looked for any more once it was in none of them, all descriptors read', async () => {
    const pids = range(2, 40);
    for (const pid of pids) await open(pid, 3, 1000 + pid);
    const owners = createOwners(proc);
    await owners.look([1002], pids, () => true);
    slowClock();
    let looks = 0;
    for (; !owners.isGivenUp(7); looks++) {
      expect(looks).toBeLessThan(100);
      await owners.look([7], pids, () => true);
    }
    // Two processes a piece, six pieces a look, by turns with those that opened sockets lately.
    expect(looks).toBeGreaterThan(3);
    owners.sweep(() => false, new Set(pids));
    expect(owners.isGivenUp(7)).toBe(false);
  });

  test('is found where a file was before', async () => {
    await open(2, 3);
    const owners = createOwners(proc);
    await owners.look([7], [2], () => true);
    await open(2, 3, 7);
    await owners.look([7], [2], () => true);
    expect(owners.pidOf(7)).toBe(2);
  });

  test('is found where another socket was before, which somebody else holds still', async () => {
    await open(2, 3, 6);
    await open(3, 3, 6);
    const owners = createOwners(proc);
    await owners.look([6], [2, 3], () => true);
    await owners.look([5], [2, 3], () => true);
    await open(2, 3, 7);
    await open(3, 4, 6);
    for (let look = 0; look < 2; look++) await owners.look([7], [2, 3], () => true);
    expect(owners.pidOf(7)).toBe(2);
  });

  test('is looked for again with patience when its process ends, and another one holds it', async () => {
    const pids = range(2, 40);
    for (const pid of pids) await open(pid, 3, 1000 + pid);
    const owners = createOwners(proc);
    // Missed at the first look, found later.
    await owners.look([7], pids, () => true);
    await open(39, 4, 7);
    await open(2, 4, 7);
    while (owners.pidOf(7) === undefined) await owners.look([7], pids, () => true);
    const first = owners.pidOf(7) as number;
    // All processes were looked into since, for another one.
    for (let look = 0; look < 2; look++) await owners.look([8], pids, () => true);
    const left = pids.filter((pid) => pid !== first);
    slowClock();
    expect(owners.sweep(() => true, new Set(left))).toContain(7);
    for (let look = 0; look < 30 && owners.pidOf(7) === undefined; look++)
      await owners.look([7], left, () => true);
    expect(owners.pidOf(7)).toBe(first === 2 ? 39 : 2);
  });

  test('is systemd only where nobody else holds it', async () => {
    await open(1, 3, 7);
    await open(1, 4, 8);
    await open(2, 3, 8);
    const owners = createOwners(proc);
    for (let look = 0; look < 2; look++) await owners.look([7, 8], [1, 2], () => true);
    expect([owners.pidOf(7), owners.pidOf(8)]).toEqual([1, 2]);
  });
});

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, at) => from + at);
}
