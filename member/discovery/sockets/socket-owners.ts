import type { Connection, Listener } from './connection.ts';
import type { NamespacesLook } from './namespace-book.ts';
import { createOwners } from './owners.ts';
import type { Stopwatch } from './throttle.ts';

/** Inodes of listeners that are gone are forgotten after so many looks. */
const sweepLooks = 12;

/** Which process a socket belongs to, of all sockets that have to be known by it: listeners and callers. */
export interface SocketOwners {
  /** Finds the processes of what is new; returns those that have new sockets, which may be another program by now. */
  look: (now: NamespacesLook) => Promise<Set<number>>;
  /** `waits` while it is still looked for. */
  pidOf: (inode: number) => number | 'waits' | undefined;
  /** Processes that may not be looked into. */
  refused: () => number;
}

export function createSocketOwners(
  proc: string,
  stopwatch: Stopwatch,
  parentOf: (pid: number) => number | undefined,
): SocketOwners {
  const owners = createOwners(proc, stopwatch);
  /** By inode, the connections there are now, and when a listener was last seen. */
  const alive = new Map<number, Connection | number>();
  const unresolved = new Set<Connection>();
  let looks = 0;

  const isAlive = (inode: number): boolean => alive.has(inode);
  const isGivenUp = (inode: number): boolean => inode === 0 || owners.isGivenUp(inode);
  const note = ({ arrived, closed, listeners }: NamespacesLook): void => {
    for (const one of closed) {
      unresolved.delete(one);
      alive.delete(one.inode);
    }
    for (const one of arrived) {
      alive.set(one.inode, one);
      if (one.role === 'caller') unresolved.add(one);
    }
    for (const one of listeners) alive.set(one.inode, looks);
    if (looks % sweepLooks === 0)
      for (const [inode, seen] of alive) if (typeof seen === 'number' && seen < looks) alive.delete(inode);
  };
  const settleListeners = (
    listeners: readonly Listener[],
    pids: ReadonlySet<number>,
    fresh: Set<number>,
  ): void => {
    for (const one of listeners) {
      if (one.pid !== undefined && pids.has(one.pid)) continue;
      one.pid = owners.firstHolder(one.inode, parentOf);
      if (one.pid !== undefined) fresh.add(one.pid);
    }
  };

  return {
    async look(now) {
      looks++;
      stopwatch.time(() => note(now));
      // A socket outlives the process that was found, where another one holds it, too.
      for (const inode of owners.sweep(isAlive, now.pids)) {
        const one = alive.get(inode);
        if (typeof one !== 'object' || one.role !== 'caller') continue;
        one.dependency = undefined;
        unresolved.add(one);
      }
      const wanted = [...unresolved].map((one) => one.inode);
      for (const one of now.listeners)
        if (one.pid === undefined || !now.pids.has(one.pid)) wanted.push(one.inode);
      await owners.look(wanted, now.pids, isAlive);
      const fresh = new Set<number>();
      settleListeners(now.listeners, now.pids, fresh);
      for (const one of unresolved) {
        const pid = owners.pidOf(one.inode);
        if (pid !== undefined) fresh.add(pid);
        if (pid !== undefined || isGivenUp(one.inode)) unresolved.delete(one);
      }
      return fresh;
    },
    pidOf: (inode) => owners.pidOf(inode) ?? (isGivenUp(inode) ? undefined : 'waits'),
    refused: () => owners.refused(),
  };
}
