import type { LocalService } from '@netring/contract/inventory';
import type { Listener } from './connection.ts';
import { localServiceOf, type NamespaceFacts } from './inventory.ts';
import type { Namespace } from './namespaces.ts';
import type { ProcessFacts } from './process-facts.ts';
import { groupServices, type ContainerName } from './service-groups.ts';
import { nameServices } from './service-names.ts';

/** All names are found anew after so many looks: labels and names of containers come from elsewhere. */
const anewAfter = 12;

export interface LocalServicesNeeds {
  readProcess: (pid: number) => ProcessFacts | undefined;
  containerName: (id: string) => ContainerName | undefined;
}

/** Which services there are on this host, and which of them a process or a listener belongs to. */
export interface LocalServices {
  /**
   * Looks at the listeners and the calling processes there are now; returns names that something had before and is not
   * called by any more. `fresh` are processes with new sockets: they may have become another program.
   */
  look: (now: ServicesNow) => ReadonlySet<string>;
  ofPid: (pid: number) => string | undefined;
  ofListener: (listener: Listener) => string | undefined;
  facts: (pid: number) => ProcessFacts | undefined;
  all: () => readonly LocalService[];
  processes: () => ReadonlyMap<number, string>;
}

export interface ServicesNow {
  listeners: readonly Listener[];
  /** The processes that call; asked only when it matters. */
  callers: () => ReadonlySet<number>;
  fresh: Iterable<number>;
  /** All processes there are. */
  pids: ReadonlySet<number>;
  hasChanged: boolean;
  namespaces: readonly Namespace[];
  ownId: number;
  namespaceFacts: (id: number) => NamespaceFacts;
}

export function createLocalServices({ readProcess, containerName }: LocalServicesNeeds): LocalServices {
  const facts = new Map<number, ProcessFacts>();
  let byPid = new Map<number, string>();
  let byListener = new Map<Listener, string>();
  let services: LocalService[] = [];
  let looks = 0;

  const factsOf = (pid: number): ProcessFacts | undefined => {
    const known = facts.get(pid);
    if (known !== undefined) return known;
    const read = readProcess(pid);
    if (read !== undefined) facts.set(pid, read);
    return read;
  };
  /** Reads processes anew; whether one of them is another than it was. */
  const refresh = (pids: Iterable<number>): boolean => {
    let isOther = false;
    for (const pid of pids) {
      const before = facts.get(pid);
      facts.delete(pid);
      const now = factsOf(pid);
      isOther ||= before?.name !== now?.name || before?.startedTicks !== now?.startedTicks;
    }
    return isOther;
  };
  const group = (now: ServicesNow): ReadonlySet<string> => {
    const places = new Map(now.namespaces.flatMap(({ id, pids }) => pids.map((pid) => [pid, id] as const)));
    const groups = groupServices(now.callers(), now.listeners, {
      factsOf,
      containerName,
      namespaceOf: (pid) => places.get(pid) ?? now.ownId,
    });
    const names = nameServices(groups);
    const pidsBefore = byPid;
    const listenersBefore = byListener;
    byPid = new Map();
    byListener = new Map();
    services = [];
    for (const one of groups) {
      const name = names.get(one) as string;
      for (const pid of one.pids) byPid.set(pid, name);
      for (const listener of one.listeners) byListener.set(listener, name);
      services.push(
        localServiceOf(one, name, now.namespaceFacts(one.listeners[0]?.namespace ?? one.namespace)),
      );
    }
    return new Set([...renamed(pidsBefore, byPid), ...renamed(listenersBefore, byListener)]);
  };

  return {
    look(now) {
      let isGone = false;
      for (const pid of facts.keys()) {
        if (now.pids.has(pid)) continue;
        facts.delete(pid);
        isGone ||= byPid.has(pid);
      }
      const isOther = refresh(now.fresh);
      const isDue = looks++ % anewAfter === 0;
      return now.hasChanged || isGone || isOther || isDue ? group(now) : new Set();
    },
    ofPid: (pid) => byPid.get(pid),
    ofListener: (listener) => byListener.get(listener),
    facts: factsOf,
    all: () => services,
    processes: () => byPid,
  };
}

function* renamed<T>(before: ReadonlyMap<T, string>, now: ReadonlyMap<T, string>): Iterable<string> {
  for (const [key, name] of before) {
    const called = now.get(key);
    if (called !== undefined && called !== name) yield name;
  }
}
