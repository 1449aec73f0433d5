import { endId } from '@netring/contract/end';
import { protocolOfPort } from '@netring/topology';
import type { Connection, Listener } from './connection.ts';
import type { DependencyEnds } from './dependency.ts';
import type { Pairs } from './pairs.ts';

/** Why a connection is no dependency that can be told. */
export type LeftOut =
  /** One end is this member or its probes, or a place that is only measured. */
  | 'own_traffic'
  /** A helper that hands connections on (`docker-proxy`): the true ends are seen elsewhere. */
  | 'passed_on'
  /** Neither end listens, or both do: nobody can tell who asked. */
  | 'undirected'
  /** It stays inside a namespace, and its other process cannot be seen or has just gone. */
  | 'other_end_unseen'
  /** Not at one of the addresses that discovery is restricted to. */
  | 'elsewhere';

export type Resolved =
  | { outcome: 'dependency'; ends: DependencyEnds; tellsTuples: boolean }
  /** A process has not been found yet. */
  | { outcome: 'waits' }
  | { outcome: 'left out'; why: LeftOut };

export interface ResolveNeeds {
  pairs: Pairs;
  /** The process that holds a socket, `waits` while it is still looked for. */
  pidOf: (inode: number) => number | 'waits' | undefined;
  serviceOfPid: (pid: number) => string | undefined;
  serviceOfListener: (listener: Listener) => string | undefined;
  listenerAt: (
    namespace: number,
    address: string,
    port: number,
    transport: 'tcp' | 'udp',
  ) => Listener | undefined;
  /** Whether an address belongs to some namespace of this host. */
  isOnHost: (address: string) => boolean;
  /** Whether an address belongs to that namespace itself. */
  isLocal: (namespace: number, address: string) => boolean;
  isOwn: (pid: number) => boolean;
  /** Whether somebody only measures there, or it is part of the ring itself. */
  isOwnPlace: (address: string, port: number) => boolean;
  isPassingOn: (pid: number) => boolean;
  /** With discovery restricted to addresses: those, and what listens only there. */
  only: { addresses: ReadonlySet<string>; isServiceThere: (pid: number) => boolean } | undefined;
  callerId: (host: string) => string;
  calleeId: (host: string, port: number) => string;
}

/**
 * Says who asks whom on a connection, as far as this host knows. Namespaces are read one after the other: the other end of
 * a connection that was opened meanwhile is there at the next look, and a caller that was told wrongly stays.
 */
export function resolveEnds(one: Connection, needs: ResolveNeeds): Resolved {
  const other = needs.pairs.otherEnd(one);
  if (other !== undefined && one.role === other.role) return leftOut('undirected');
  if (other === undefined && one.seen < 2 && needs.isOnHost(one.remoteAddress)) return { outcome: 'waits' };
  return one.role === 'callee' ? resolveCallee(one, other, needs) : resolveCaller(one, other, needs);
}

function resolveCallee(one: Connection, other: Connection | undefined, needs: ResolveNeeds): Resolved {
  const listener = one.listener as Listener;
  if (needs.only !== undefined && !needs.only.addresses.has(listener.address)) return leftOut('elsewhere');
  const asking = other === undefined ? undefined : needs.pidOf(other.inode);
  if (asking === 'waits') return { outcome: 'waits' };
  const why = whyNot([listener.pid, asking], one.localAddress, one.localPort, needs);
  if (why !== undefined) return leftOut(why);
  const target = needs.serviceOfListener(listener);
  if (target === undefined) return { outcome: 'waits' };
  const source = other !== undefined && isHere(other, asking, needs) ? known(asking, needs) : undefined;
  if (source === undefined && isHidden(one, needs)) return leftOut('other_end_unseen');
  return dependency(one, needs, {
    source: { host: one.remoteAddress, port: 0, service: source ?? needs.callerId(one.remoteAddress) },
    destination: { host: one.localAddress, port: one.localPort, service: service(target) },
  });
}

function resolveCaller(one: Connection, other: Connection | undefined, needs: ResolveNeeds): Resolved {
  const pid = needs.pidOf(one.inode);
  if (pid === 'waits') return { outcome: 'waits' };
  if (needs.only !== undefined && !isHere(one, pid, needs)) return leftOut('elsewhere');
  const listener = other?.listener ?? listenerHere(one, needs);
  const why = whyNot([pid, listener?.pid], one.remoteAddress, one.remotePort, needs);
  if (why !== undefined) return leftOut(why);
  const source = known(pid, needs);
  if (source === undefined && isHidden(one, needs)) return leftOut('other_end_unseen');
  const isTargetHere =
    listener !== undefined && (needs.only === undefined || needs.only.addresses.has(listener.address));
  const target = isTargetHere ? needs.serviceOfListener(listener) : undefined;
  if (target === undefined && isHidden(one, needs)) return leftOut('other_end_unseen');
  return dependency(one, needs, {
    source: { host: one.localAddress, port: 0, service: source ?? needs.callerId(one.localAddress) },
    destination: {
      host: one.remoteAddress,
      port: one.remotePort,
      service: target === undefined ? needs.calleeId(one.remoteAddress, one.remotePort) : service(target),
    },
  });
}

/** The listener that a connection inside one namespace leads to, where its other end was not seen. */
function listenerHere(one: Connection, needs: ResolveNeeds): Listener | undefined {
  const { namespace, remoteAddress, remotePort, transport } = one;
  const isInside = one.isLoopback || needs.isLocal(namespace, remoteAddress);
  return isInside ? needs.listenerAt(namespace, remoteAddress, remotePort, transport) : undefined;
}

function whyNot(
  pids: readonly (number | undefined)[],
  address: string,
  port: number,
  needs: ResolveNeeds,
): LeftOut | undefined {
  const seen = pids.filter((pid) => pid !== undefined);
  if (seen.some((pid) => needs.isOwn(pid)) || needs.isOwnPlace(address, port)) return 'own_traffic';
  return seen.some((pid) => needs.isPassingOn(pid)) ? 'passed_on' : undefined;
}

/** A loopback address says nothing to anybody else, unless the addresses were given to us as our own. */
function isHidden(one: Connection, needs: ResolveNeeds): boolean {
  return needs.only === undefined && one.isLoopback;
}

/** Whether a calling end belongs to the addresses that discovery is restricted to. */
function isHere(one: Connection, pid: number | undefined, { only }: ResolveNeeds): boolean {
  if (only === undefined || only.addresses.has(one.localAddress)) return true;
  return pid !== undefined && only.isServiceThere(pid);
}

function known(pid: number | undefined, needs: ResolveNeeds): string | undefined {
  const name = pid === undefined ? undefined : needs.serviceOfPid(pid);
  return name === undefined ? undefined : service(name);
}

function dependency(
  one: Connection,
  needs: ResolveNeeds,
  ends: Pick<DependencyEnds, 'source' | 'destination'>,
): Resolved {
  if (ends.source.service === '' || ends.destination.service === '') return leftOut('other_end_unseen');
  const protocol = protocolOfPort(ends.destination.port, one.transport);
  return {
    outcome: 'dependency',
    ends: { ...ends, protocol, evidence: one.role },
    tellsTuples: !isHidden(one, needs),
  };
}

function service(name: string): string {
  return endId({ kind: 'service', name });
}

function leftOut(why: LeftOut): Resolved {
  return { outcome: 'left out', why };
}

/** What tells one dependency from another. */
export function dependencyKey({ source, destination, protocol, evidence }: DependencyEnds): string {
  return `${evidence} ${protocol} ${destination.port} ${source.service} ${destination.service}`;
}
