import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { Lease, Store } from '../store.ts';
import { StoreAway } from '../store.ts';
import type { Disk } from './disk.ts';
import { makeTemporaryFolder, openDisk } from './disk.ts';
import { loadGroups } from './groups.ts';
import { generationKey } from './keys.ts';
import { createLeases } from './leases.ts';
import { embeddedLog } from './log.ts';
import { loadRings } from './rings.ts';
import { embeddedTable } from './table.ts';
import { Writer } from './writer.ts';

/** Expired groups are not seen any more at once; their room on the disk is free after this. */
const sweepEveryMs = 1_000;

/**
 * A store in one folder, for one process. Without a folder: in one of its own that is removed at the end.
 *
 * @throws Error when the folder cannot be used (another process has it, no right to write, damaged), saying what to do.
 */
export async function openEmbeddedStore(folder: string | undefined): Promise<Store> {
  const temporary = folder === undefined ? await makeTemporaryFolder() : undefined;
  const disk = await openDisk(folder ?? (temporary as { folder: string }).folder);
  const rings = await loadRings(disk);
  const writer = new Writer(disk, rings, await loadGroups(disk));
  const generation = await readGeneration(disk);
  const closed = new AbortController();
  const sweeper = setInterval(() => void writer.sweep().catch(() => undefined), sweepEveryMs);
  sweeper.unref();

  const whileOpen = <T>(answer: () => T): Promise<T> =>
    closed.signal.aborted
      ? Promise.reject(new StoreAway('The store was closed.'))
      : Promise.resolve(answer());

  return {
    table: embeddedTable(disk, writer),
    log: embeddedLog(rings, writer, closed.signal),
    lease: embeddedLease(whileOpen),
    commit: (change) => writer.commit(change),
    nowMs: () => whileOpen(Date.now),
    generation: () => whileOpen(() => generation),
    async close() {
      closed.abort();
      clearInterval(sweeper);
      await writer.stop();
      await disk.close();
      await temporary?.remove();
    },
  };
}

function embeddedLease(whileOpen: <T>(answer: () => T) => Promise<T>): Lease {
  const leases = createLeases(() => performance.now(), Date.now);
  return {
    acquire: (names, holder, ttlMs) => whileOpen(() => leases.acquire(names, holder, ttlMs)),
    renew: (names, holder, ttlMs) => whileOpen(() => leases.renew(names, holder, ttlMs)),
    release: (names, holder) => whileOpen(() => leases.release(names, holder)),
  };
}

async function readGeneration(disk: Disk): Promise<string> {
  const known = await disk.get(generationKey);
  if (known !== undefined) return known.toString();
  const made = randomUUID();
  await disk.put(generationKey, Buffer.from(made));
  return made;
}
