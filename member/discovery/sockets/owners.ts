import { readdirSync, readlinkSync } from 'node:fs';
import { setImmediate as pause } from 'node:timers/promises';
import { createStopwatch, type Stopwatch } from './throttle.ts';

/** A socket that was not found at so many looks is not looked for again. */
const mostLooks = 3;
/** Reading goes on in pieces of so many milliseconds, so that nothing else of the process waits. */
const pieceMs = 8;
/** File descriptors remembered, over all processes; beyond, those of the processes looked at last are forgotten. */
const mostRemembered = 400_000;

/** Which process holds a socket, by the inode of the socket. */
export interface Owners {
  /**
   * Looks for sockets that are not known yet among those processes, and no further than it has to. `isAlive` says
   * whether a socket is there now: a descriptor that holds such a one has not changed.
   */
  look(wanted: Iterable<number>, pids: Iterable<number>, isAlive: (inode: number) => boolean): Promise<void>;
  pidOf(inode: number): number | undefined;
  /**
   * Of processes that share a socket, the one that the others come from: what listens is found in a worker or in the
   * master, whichever was looked at first.
   */
  firstHolder(inode: number, parentOf: (pid: number) => number | undefined): number | undefined;
  /** Whether it was looked for as often as it will be. */
  isGivenUp(inode: number): boolean;
  /** Forgets sockets and processes that are gone; returns sockets that are still there, but not their process. */
  sweep(isAlive: (inode: number) => boolean, pids: ReadonlySet<number>): number[];
  /** Processes whose descriptors this process was not allowed to see, at the last look. */
  refused(): number;
}

export function createOwners(proc = '/proc', stopwatch: Stopwatch = createStopwatch()): Owners {
  const owner = new Map<number, number>();
  const missed = new Map<number, number>();
  /** Of each process, what its descriptors were: an inode of a socket, or 0 for anything else. */
  const remembered = new Map<number, Map<string, number>>();
  /** Processes in which sockets were found, the last one last. */
  const fruitful = new Set<number>();
  /** Sockets of forebears, of this look only. */
  const held = new Map<number, Set<number>>();
  let rememberedCount = 0;
  let refused = 0;

  const forget = (pid: number): void => {
    rememberedCount -= remembered.get(pid)?.size ?? 0;
    remembered.delete(pid);
  };

  const found = (inode: number, pid: number, missing: Set<number>): void => {
    owner.set(inode, pid);
    if (!missing.delete(inode)) return;
    fruitful.delete(pid);
    fruitful.add(pid);
  };

  const holds = (pid: number, inode: number): boolean => {
    let sockets = held.get(pid);
    if (sockets === undefined) held.set(pid, (sockets = new Set(socketsOf(`${proc}/${pid}/fd`))));
    return sockets.has(inode);
  };

  /** `isThorough` also reads descriptors anew that held no socket. */
  const lookInto = (
    pid: number,
    missing: Set<number>,
    isAlive: (inode: number) => boolean,
    isThorough: boolean,
  ): void => {
    let names: string[];
    try {
      names = readdirSync(`${proc}/${pid}/fd`);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EACCES') refused++;
      return;
    }
    const before = remembered.get(pid);
    const now = new Map<string, number>();
    for (const name of names) {
      const last = before?.get(name);
      const isKnown = last !== undefined && (last === 0 ? !isThorough : isAlive(last) && owner.has(last));
      const inode = isKnown ? last : socketOf(`${proc}/${pid}/fd/${name}`);
      now.set(name, inode);
      if (inode !== 0 && (!isKnown || missing.has(inode))) found(inode, pid, missing);
    }
    forget(pid);
    rememberedCount += now.size;
    if (rememberedCount <= mostRemembered) remembered.set(pid, now);
    else rememberedCount -= now.size;
  };

  const round = async (
    pids: readonly number[],
    missing: Set<number>,
    isAlive: (inode: number) => boolean,
    isThorough: boolean,
  ): Promise<void> => {
    let startedMs = performance.now();
    for (const pid of pids) {
      if (missing.size === 0) return;
      stopwatch.time(() => lookInto(pid, missing, isAlive, isThorough));
      if (performance.now() - startedMs < pieceMs) continue;
      await pause();
      startedMs = performance.now();
    }
  };

  return {
    async look(wanted, pids, isAlive) {
      const missing = new Set<number>();
      for (const inode of wanted)
        if (inode !== 0 && !owner.has(inode) && (missed.get(inode) ?? 0) < mostLooks) missing.add(inode);
      if (missing.size === 0) return;
      refused = 0;
      const all = [...pids];
      const among = new Set(all);
      const first = [...fruitful].reverse().filter((pid) => pid !== 1 && among.has(pid));
      // What systemd listens for is held by the service, too, once it runs.
      const order = [
        ...first,
        ...all.filter((pid) => pid !== 1 && !fruitful.has(pid)),
        ...(among.has(1) ? [1] : []),
      ];
      await round(order, missing, isAlive, false);
      // A descriptor that held a file may hold a socket now.
      if (missing.size > 0) await round(order, missing, isAlive, true);
      for (const inode of missing) missed.set(inode, (missed.get(inode) ?? 0) + 1);
    },
    pidOf: (inode) => owner.get(inode),
    firstHolder(inode, parentOf) {
      const found = owner.get(inode);
      let holder = found;
      for (let steps = 0; holder !== undefined && steps < 16; steps++) {
        const parent = parentOf(holder);
        if (parent === undefined || parent <= 1 || !holds(parent, inode)) break;
        holder = parent;
      }
      if (holder !== undefined && holder !== found) owner.set(inode, holder);
      return holder;
    },
    isGivenUp: (inode) => (missed.get(inode) ?? 0) >= mostLooks,
    sweep(isAlive, pids) {
      held.clear();
      const orphans: number[] = [];
      for (const [inode, pid] of owner) {
        if (isAlive(inode) && pids.has(pid)) continue;
        owner.delete(inode);
        if (isAlive(inode)) orphans.push(inode);
      }
      for (const inode of missed.keys()) if (!isAlive(inode)) missed.delete(inode);
      for (const pid of remembered.keys()) if (!pids.has(pid)) forget(pid);
      for (const pid of fruitful) if (!pids.has(pid)) fruitful.delete(pid);
      return orphans;
    },
    refused: () => refused,
  };
}

function socketsOf(folder: string): number[] {
  try {
    return readdirSync(folder).map((name) => socketOf(`${folder}/${name}`));
  } catch {
    return [];
  }
}

/** The inode of the socket that a descriptor is; 0 when it is something else, or gone. */
function socketOf(path: string): number {
  try {
    const target = readlinkSync(path);
    return target.startsWith('socket:[') ? Number(target.slice(8, -1)) : 0;
  } catch {
    return 0;
  }
}
