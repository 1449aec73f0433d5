import { isIP } from 'node:net';
import type { AddressAlias } from '@netring/contract/inventory';
import type { Collector } from '../collector.ts';
import { isWildcard } from './address.ts';
import type { Connection, Listener } from './connection.ts';
import type { ResolveNeeds } from './ends.ts';
import { createLedger, type LedgerLook } from './ledger.ts';
import { createLocalServices, type LocalServices } from './local-services.ts';
import { createNamespaceBook, type NamespaceBook, type NamespacesLook } from './namespace-book.ts';
import type { OpenedShare } from './opened-count.ts';
import { createPairs } from './pairs.ts';
import { proxiedBy, readProcess } from './process-facts.ts';
import type { ContainerName } from './service-groups.ts';
import { createSocketOwners } from './socket-owners.ts';
import type { Stopwatch } from './throttle.ts';

export interface ScannerNeeds {
  collector: Collector;
  stopwatch: Stopwatch;
  proc: string;
  ss: string;
  containerName: (id: string) => ContainerName | undefined;
  ownPids: () => ReadonlySet<number>;
  isOwnPlace: (address: string, port: number) => boolean;
  /** Nothing but what listens at these addresses, or calls from them; empty for everything. */
  onlyAddresses: ReadonlySet<string>;
  isEphemeral: (port: number) => boolean;
}

/** What one look found, for whoever says how discovery does. */
export interface ScanOutcome extends LedgerLook {
  atMs: number;
  look: NamespacesLook;
  /** Processes whose namespace or descriptors this process may not see. */
  hiddenProcesses: number;
  unownedListeners: number;
  /** Where helpers (`docker-proxy`) hand connections on to. */
  aliases: AddressAlias[];
  share: OpenedShare;
}

/** Looks at all sockets of the host and hands what they tell to the collector. */
export interface Scanner {
  scan: () => Promise<ScanOutcome>;
  services: LocalServices;
  namespaces: NamespaceBook;
}

export function createScanner(needs: ScannerNeeds): Scanner {
  const { collector, stopwatch, proc, containerName } = needs;
  const namespaces = createNamespaceBook(needs);
  const pairs = createPairs();
  const ledger = createLedger(collector);
  let toldListeners = 0;
  const services = createLocalServices({ readProcess: (pid) => readProcess(pid, proc), containerName });
  const owners = createSocketOwners(proc, stopwatch, (pid) => services.facts(pid)?.parent);
  const isPassingOn = (pid: number): boolean => services.facts(pid)?.executable === 'docker-proxy';

  const aliasesOf = ({ pid, address, port }: Listener): AddressAlias[] => {
    if (pid === undefined || !isPassingOn(pid)) return [];
    const to = proxiedBy(pid, proc);
    if (to === undefined || to.transport !== 'tcp' || isIP(to.ip) === 0) return [];
    const ips = isWildcard(address) ? namespaces.ownAddresses() : [address];
    return ips.map((ip) => ({ ip, port, to_ip: to.ip, to_port: to.port }));
  };

  const lookAtServices = (
    look: NamespacesLook,
    fresh: ReadonlySet<number>,
    own: ReadonlySet<number>,
  ): ReadonlySet<string> => {
    const isTold = (pid: number): boolean => !own.has(pid) && !isPassingOn(pid);
    const listeners = listenersToTell(look.listeners, needs.onlyAddresses).filter(({ pid, inode }) =>
      pid === undefined ? owners.pidOf(inode) !== 'waits' : isTold(pid),
    );
    const outcome = services.look({
      listeners,
      callers: () => callersOf(namespaces.connections(), owners.pidOf, needs.onlyAddresses, isTold),
      fresh,
      pids: look.pids,
      // Listeners whose process was looked for in vain are told from then on.
      hasChanged: look.hasChanged || fresh.size > 0 || listeners.length !== toldListeners,
      namespaces: look.namespaces,
      ownId: namespaces.ownId(),
      namespaceFacts: namespaces.facts,
    });
    toldListeners = listeners.length;
    return outcome;
  };

  const resolvingWith = (own: ReadonlySet<number>, listeners: readonly Listener[]): ResolveNeeds => {
    const { onlyAddresses } = needs;
    const there = onlyThere(listeners, onlyAddresses);
    return {
      pairs,
      pidOf: owners.pidOf,
      serviceOfPid: services.ofPid,
      serviceOfListener: services.ofListener,
      listenerAt: namespaces.listenerAt,
      isLocal: namespaces.isLocal,
      isOnHost: namespaces.isOnHost,
      isOwn: (pid) => own.has(pid),
      isOwnPlace: needs.isOwnPlace,
      isPassingOn,
      only:
        onlyAddresses.size === 0
          ? undefined
          : { addresses: onlyAddresses, isServiceThere: (pid) => there.has(pid) },
      callerId: (host) => collector.callerId(host),
      calleeId: (host, port) => collector.calleeId(host, port),
    };
  };

  return {
    services,
    namespaces,
    async scan() {
      const look = await namespaces.look();
      const atMs = Date.now();
      stopwatch.time(() => {
        for (const one of look.closed) pairs.remove(one);
        for (const one of look.arrived) pairs.add(one);
      });
      const fresh = await owners.look(look);
      return stopwatch.time(() => {
        const own = needs.ownPids();
        const renamed = lookAtServices(look, fresh, own);
        const needed = resolvingWith(own, look.listeners);
        return {
          atMs,
          look,
          ...ledger.look(namespaces.connections(), atMs, needed, renamed),
          hiddenProcesses: Math.max(look.hiddenProcesses, owners.refused()),
          unownedListeners: look.listeners.filter((one) => one.pid === undefined).length,
          aliases: look.listeners.flatMap(aliasesOf),
          share: namespaces.share(),
        };
      });
    },
  };
}

function listenersToTell(all: readonly Listener[], only: ReadonlySet<string>): readonly Listener[] {
  return only.size === 0 ? all : all.filter((one) => only.has(one.address));
}

/** The processes that call. With discovery restricted to addresses, those that call from there. */
function callersOf(
  connections: Iterable<Connection>,
  pidOf: (inode: number) => number | 'waits' | undefined,
  only: ReadonlySet<string>,
  isTold: (pid: number) => boolean,
): Set<number> {
  const callers = new Set<number>();
  for (const { role, inode, localAddress } of connections) {
    if (role !== 'caller' || (only.size > 0 && !only.has(localAddress))) continue;
    const pid = pidOf(inode);
    if (typeof pid === 'number' && !callers.has(pid) && isTold(pid)) callers.add(pid);
  }
  return callers;
}

/** Processes that listen at these addresses and nowhere else: all that they do belongs there. */
function onlyThere(listeners: readonly Listener[], only: ReadonlySet<string>): Set<number> {
  const there = new Set<number>();
  if (only.size === 0) return there;
  for (const { pid, address } of listeners) if (pid !== undefined && only.has(address)) there.add(pid);
  for (const { pid, address } of listeners) if (pid !== undefined && !only.has(address)) there.delete(pid);
  return there;
}
