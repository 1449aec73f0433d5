import { readdirSync, readlinkSync } from 'node:fs';
import { setImmediate as pause } from 'node:timers/promises';
import { createStopwatch, type Stopwatch } from './throttle.ts';

/** Reading goes on in pieces of so many milliseconds, so that nothing else of the process waits. */
const pieceMs = 8;
/** Pieces of one look, but for the first: what is not found then is looked for at the next one. */
const mostPieces = 6;
/** Processes looked into early since they opened sockets lately. */
const mostRecent = 100;
/** File descriptors remembered, over all processes; beyond, those of the processes looked at last are forgotten. */
const mostRemembered = 400_000;

/** The process that everything comes from. */
const systemd = 1;

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
  /** Whether it is looked for no more: it was missing, and in no process there is since. */
  isGivenUp(inode: number): boolean;
  /** Forgets sockets and processes that are gone; returns sockets that are still there, but not their process. */
  sweep(isAlive: (inode: number) => boolean, pids: ReadonlySet<number>): number[];
  /** Processes there are now whose descriptors this process was not allowed to see. */
  refused(): number;
}

export function createOwners(proc = '/proc', stopwatch: Stopwatch = createStopwatch()): Owners {
  const owner = new Map<number, number>();
  /** Sockets that were not found, with the look from which on every process counts as searched for them. */
  const missed = new Map<number, number>();
  const givenUp = new Set<number>();
  /** Of each process, what its descriptors were: an inode of a socket, or 0 for anything else. */
  const remembered = new Map<number, Map<string, number>>();
  /** Processes in which sockets were found, the last one last. */
  const fruitful = new Set<number>();
  /** Processes looked into, and at which look; the one that was looked into last at the end. */
  const visited = new Map<number, number>();
  let looks = 0;
  /** The first look finds everything, however long it takes. */
  let isFirst = true;
  /** Sockets of forebears, of this look only. */
  const held = new Map<number, Set<number>>();
  let rememberedCount = 0;
  const refused = new Set<number>();

  const forget = (pid: number): void => {
    rememberedCount -= remembered.get(pid)?.size ?? 0;
    remembered.delete(pid);
  };

  const found = (inode: number, pid: number, missing: Set<number>): void => {
    // Whoever was found first has it as long as it lives, but for systemd, which listens for others.
    if ((owner.get(inode) ?? systemd) !== systemd) return;
    owner.set(inode, pid);
    missed.delete(inode);
    if (!missing.delete(inode)) return;
    fruitful.delete(pid);
    fruitful.add(pid);
  };

  const holds = (pid: number, inode: number): boolean => {
    let sockets = held.get(pid);
    if (sockets === undefined) held.set(pid, (sockets = new Set(socketsOf(`${proc}/${pid}/fd`))));
    return sockets.has(inode);
  };

  /**
   * New processes first; then, by turns, those in which sockets were found last and those not looked into for longest:
   * however many open sockets all the time, everyone's turn comes.
   */
  const orderOf = (there: ReadonlySet<number>): number[] => {
    const fresh = [...there].filter((pid) => !visited.has(pid)).reverse();
    const recent = [...fruitful].reverse().slice(0, mostRecent);
    const byTurns = [...visited.keys()].flatMap((pid, at) => [...recent.slice(at, at + 1), pid]);
    return [...new Set([...fresh, ...byTurns])].filter((pid) => pid !== systemd && there.has(pid));
  };

  /** The look since which every process but systemd was looked into; -1 when one never was. */
  const allVisitedSince = (there: ReadonlySet<number>): number => {
    let since = looks;
    for (const pid of there) if (pid !== systemd) since = Math.min(since, visited.get(pid) ?? -1);
    return since;
  };

  /** `isThorough` reads all descriptors anew: what held a file, or a socket that others hold still, may be another by now. */
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
      if ((error as NodeJS.ErrnoException).code === 'EACCES') refused.add(pid);
      return;
    }
    const before = remembered.get(pid);
    const now = new Map<string, number>();
    for (const name of names) {
      const last = before?.get(name);
      const isKnown = !isThorough && last !== undefined && (last === 0 || (isAlive(last) && owner.has(last)));
      const inode = isKnown ? last : socketOf(`${proc}/${pid}/fd/${name}`);
      now.set(name, inode);
      if (inode !== 0 && !isKnown) found(inode, pid, missing);
    }
    forget(pid);
    rememberedCount += now.size;
    if (rememberedCount <= mostRemembered) remembered.set(pid, now);
    else rememberedCount -= now.size;
  };

  /** Looks into processes until nothing is missing, or until it was enough for one look. */
  const round = async (
    pids: readonly number[],
    missing: Set<number>,
    isAlive: (inode: number) => boolean,
    isThorough: boolean,
  ): Promise<void> => {
    let [next, pieces] = [0, 0];
    const piece = (): void => {
      const untilMs = performance.now() + pieceMs;
      while (next < pids.length && missing.size > 0 && performance.now() < untilMs) {
        const pid = pids[next++] as number;
        visited.delete(pid);
        visited.set(pid, looks);
        lookInto(pid, missing, isAlive, isThorough);
      }
    };
    while (next < pids.length && missing.size > 0 && (isFirst || pieces++ < mostPieces)) {
      stopwatch.time(piece);
      await pause();
    }
  };

  return {
    async look(wanted, pids, isAlive) {
      const missing = new Set<number>();
      for (const inode of wanted)
        if (inode !== 0 && !owner.has(inode) && !givenUp.has(inode)) missing.add(inode);
      if (missing.size === 0) return;
      looks++;
      const there = new Set(pids);
      // What was not found by what usually changes may be where a file was before.
      const isThorough = [...missing].some((inode) => missed.has(inode));
      await round(orderOf(there), missing, isAlive, isThorough);
      isFirst = false;
      const since = allVisitedSince(there);
      const isOver = (inode: number): boolean => since >= (missed.get(inode) ?? Infinity);
      // What systemd listens for is held by the service, too, once it runs: it is the last one asked.
      if (there.has(systemd) && [...missing].some(isOver)) lookInto(systemd, missing, isAlive, true);
      for (const inode of missing) {
        if (isOver(inode)) givenUp.add(inode);
        if (!missed.has(inode)) missed.set(inode, looks + 1);
      }
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
    isGivenUp: (inode) => givenUp.has(inode),
    sweep(isAlive, pids) {
      held.clear();
      const orphans: number[] = [];
      for (const [inode, pid] of owner) {
        if (isAlive(inode) && pids.has(pid)) continue;
        owner.delete(inode);
        missed.delete(inode);
        if (isAlive(inode)) orphans.push(inode);
      }
      for (const known of [missed, givenUp])
        for (const inode of known.keys()) if (!isAlive(inode)) known.delete(inode);
      for (const pid of remembered.keys()) if (!pids.has(pid)) forget(pid);
      for (const known of [fruitful, visited, refused])
        for (const pid of known.keys()) if (!pids.has(pid)) known.delete(pid);
      return orphans;
    },
    refused: () => refused.size,
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
