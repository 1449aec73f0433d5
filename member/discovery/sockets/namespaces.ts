import { readdirSync, readlinkSync } from 'node:fs';

/** A network namespace of this host, with the processes that live in it. */
export interface Namespace {
  /** The inode of the namespace: its name for as long as it is there. */
  id: number;
  /** A process in it, through which it can be entered. */
  pid: number;
  isOwn: boolean;
  pids: readonly number[];
}

export interface NamespacesSeen {
  namespaces: Namespace[];
  /** All processes there are. */
  pids: ReadonlySet<number>;
  /** Processes whose namespace this process may not see; they are taken to be in ours. */
  hidden: number;
}

/** Beyond this many the rest is left out, and said to be. */
export const mostNamespaces = 512;
/** Processes rarely change their namespace: all are asked again after so many looks. */
const askAgainAfter = 12;

/**
 * Finds the network namespaces of the host by the processes in them. What was asked of a process is remembered from the
 * second time on: one that has just begun may be on its way into its namespace.
 */
export function createNamespaces(proc = '/proc'): { look(): NamespacesSeen } {
  const known = new Map<number, number>();
  let pidsBefore: ReadonlySet<number> = new Set();
  let looks = 0;
  return {
    look() {
      if (looks++ % askAgainAfter === 0) known.clear();
      const own = namespaceOf(proc, 'self') ?? 0;
      const pids = new Set<number>();
      const byId = new Map<number, number[]>([[own, []]]);
      let hidden = 0;
      for (const name of readdirSync(proc)) {
        const pid = Number(name);
        if (!Number.isInteger(pid)) continue;
        pids.add(pid);
        let id = known.get(pid);
        if (id === undefined) {
          id = namespaceOf(proc, name);
          // It has just ended.
          if (id === undefined) continue;
          if (pidsBefore.has(pid)) known.set(pid, id);
        }
        if (id === 0) hidden++;
        const list = byId.get(id === 0 ? own : id);
        if (list === undefined) byId.set(id, [pid]);
        else list.push(pid);
      }
      for (const pid of known.keys()) if (!pids.has(pid)) known.delete(pid);
      pidsBefore = pids;
      const namespaces = [...byId].map(([id, members]) => ({
        id,
        pid: members[0] ?? process.pid,
        isOwn: id === own,
        pids: members,
      }));
      return { namespaces, pids, hidden };
    },
  };
}

/** 0 when it may not be seen, `undefined` when the process has ended. */
function namespaceOf(proc: string, pid: string): number | undefined {
  try {
    return Number(/\d+/.exec(readlinkSync(`${proc}/${pid}/ns/net`))?.[0]);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES' ? 0 : undefined;
  }
}
