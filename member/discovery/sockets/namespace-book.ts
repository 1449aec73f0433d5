import { isLoopback } from './address.ts';
import type { Connection, Listener, Transport } from './connection.ts';
import { addressesOf, hostFacts, isBehind, type BridgeNetwork } from './host-facts.ts';
import type { NamespaceFacts } from './inventory.ts';
import { createNamespaces, mostNamespaces, type Namespace } from './namespaces.ts';
import { NamespaceTable } from './namespace-table.ts';
import { createOpenedCount, type OpenedShare } from './opened-count.ts';
import { createReader, type ReadOutcome } from './reader.ts';
import type { Stopwatch } from './throttle.ts';

/** Addresses of namespaces change rarely: they are read again after so many looks. */
const addressLooks = 12;

export interface NamespaceBookNeeds {
  proc: string;
  ss: string;
  stopwatch: Stopwatch;
  /** Whether the kernel chooses that port for callers. */
  isEphemeral: (port: number) => boolean;
}

/** What one look at all namespaces found. */
export interface NamespacesLook {
  namespaces: readonly Namespace[];
  /** Namespaces beyond the bound. */
  leftOut: number;
  reads: { where: Namespace; outcome: ReadOutcome }[];
  /** All processes there are. */
  pids: ReadonlySet<number>;
  /** Processes whose namespace may not be seen. */
  hiddenProcesses: number;
  arrived: Connection[];
  closed: Connection[];
  listeners: Listener[];
  /** Whether there are other listeners than at the look before. */
  hasChanged: boolean;
}

/** The sockets of all network namespaces of the host, from one look to the next. */
export interface NamespaceBook {
  look: () => Promise<NamespacesLook>;
  connections: () => Iterable<Connection>;
  listenerAt: (
    namespace: number,
    address: string,
    port: number,
    transport: Transport,
  ) => Listener | undefined;
  /** Whoever listens there, in a namespace to which the address belongs: in our own first. */
  anyListenerAt: (address: string, port: number, transport: Transport) => Listener | undefined;
  /** Whether an address belongs to that namespace. */
  isLocal: (namespace: number, address: string) => boolean;
  /** Whether an address belongs to some namespace of this host. */
  isOnHost: (address: string) => boolean;
  facts: (namespace: number) => NamespaceFacts;
  ownId: () => number;
  ownAddresses: () => readonly string[];
  share: () => OpenedShare;
}

export function createNamespaceBook({ proc, ss, stopwatch, isEphemeral }: NamespaceBookNeeds): NamespaceBook {
  const namespaces = createNamespaces(proc);
  const reader = createReader({ proc, ss, stopwatch });
  const opened = createOpenedCount(proc);
  const tables = new Map<number, NamespaceTable>();
  const addresses = new Map<number, readonly string[]>();
  let onHost: ReadonlySet<string> | undefined;
  let bridges: BridgeNetwork[] = [];
  let ownId = 0;
  let looks = 0;

  const isLocal = (namespace: number, address: string): boolean =>
    addresses.get(namespace)?.includes(address) === true;
  const allAddresses = (): ReadonlySet<string> => (onHost ??= new Set([...addresses.values()].flat()));

  const readOne = async (where: Namespace): Promise<ReadOutcome> => {
    let table = tables.get(where.id);
    // What is there at the very first look began at some time before.
    if (table === undefined)
      tables.set(where.id, (table = new NamespaceTable(where.id, looks === 1, isEphemeral)));
    table.begin(looks, Date.now());
    const outcome = await reader.read(where, table);
    stopwatch.time(() => {
      table.end(outcome.outcome === 'statistics' || outcome.outcome === 'addresses');
      opened.look(where.id, where.isOwn ? 'self' : where.pid, table.opened);
      if (looks % addressLooks === 1 || !addresses.has(where.id))
        addresses.set(where.id, addressesOf(where.isOwn ? process.pid : where.pid, proc));
    });
    return outcome;
  };
  /** Connections of namespaces that are gone. */
  const dropGone = (there: ReadonlySet<number>): Connection[] => {
    const closed: Connection[] = [];
    for (const [id, table] of tables) {
      if (there.has(id)) continue;
      closed.push(...table.connections.values());
      tables.delete(id);
      addresses.delete(id);
    }
    opened.sweep((id) => there.has(id));
    return closed;
  };

  return {
    async look() {
      looks++;
      onHost = undefined;
      if (looks % addressLooks === 1) bridges = hostFacts().bridges;
      const seen = stopwatch.time(() => namespaces.look());
      ownId = seen.namespaces.find((one) => one.isOwn)?.id ?? 0;
      const all = seen.namespaces.slice(0, mostNamespaces);
      const reads: NamespacesLook['reads'] = [];
      for (const where of all) reads.push({ where, outcome: await readOne(where) });
      const gone = dropGone(new Set(all.map((one) => one.id)));
      const now = [...tables.values()];
      return {
        namespaces: all,
        leftOut: seen.namespaces.length - all.length,
        reads,
        pids: seen.pids,
        hiddenProcesses: seen.hidden,
        arrived: now.flatMap((one) => one.arrived),
        closed: [...gone, ...now.flatMap((one) => one.closed)],
        listeners: now.flatMap((one) => [...one.listeners.values()]),
        hasChanged: gone.length > 0 || now.some((one) => one.hasChanged),
      };
    },
    *connections() {
      for (const table of tables.values()) yield* table.connections.values();
    },
    listenerAt: (namespace, address, port, transport) =>
      tables.get(namespace)?.listenerAt(address, port, transport),
    anyListenerAt: (address, port, transport) =>
      [ownId, ...tables.keys()]
        .filter((id) => isLocal(id, address))
        .map((id) => tables.get(id)?.listenerAt(address, port, transport))
        .find((one) => one !== undefined),
    isLocal,
    isOnHost: (address) => isLoopback(address) || allAddresses().has(address),
    facts(id) {
      const own = addresses.get(id) ?? [];
      return {
        isOwn: id === ownId,
        addresses: own,
        isBehindBridge: own.length > 0 && own.every((one) => isBehind(one, bridges)),
      };
    },
    ownId: () => ownId,
    ownAddresses: () => addresses.get(ownId) ?? [],
    share: opened.share,
  };
}
