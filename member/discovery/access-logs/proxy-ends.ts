import { endId, type End } from '@netring/contract/end';
import { isInside, type Endpoint } from '@netring/topology';
import type { Upstream } from './access-record.ts';

/** Who wrote the log, as both ends of what it saw: asked by clients, and asking its backends. */
export interface ProxyEnds {
  asked: Endpoint;
  asking: Endpoint;
  id: string;
  isInside: boolean;
}

/** Who a proxy is. `service`: by name, listening at `port` where that is known; `address`: by where it listens. */
export type ProxyIdentity =
  | { kind: 'service'; name: string; host?: string; port?: number }
  | { kind: 'address'; host: string; port: number; network?: string };

export function proxyEnds(identity: ProxyIdentity): ProxyEnds {
  const id = endId(endOfIdentity(identity));
  const { port = 0 } = identity;
  const host = identity.kind === 'service' ? (identity.host ?? identity.name) : identity.host;
  const name = identity.kind === 'service' ? { name: identity.name } : {};
  const network =
    identity.kind === 'address' && identity.network !== undefined ? { network: identity.network } : {};
  return {
    asked: { host, port, service: id, ...name, ...network },
    asking: { host, port: 0, service: id, ...name, ...network },
    id,
    // A service of this host has an address of its own network, whatever else it may have.
    isInside: identity.kind === 'service' || isInside(identity.host),
  };
}

function endOfIdentity(identity: ProxyIdentity): End {
  if (identity.kind === 'service') return { kind: 'service', name: identity.name };
  const { host, port, network } = identity;
  return {
    kind: 'address',
    host,
    ...(port === 0 ? {} : { port }),
    ...(network === undefined ? {} : { network }),
  };
}

/** The proxy as a line names it: where it was asked, of the service that is known to write the log. */
export function proxyEndsAt(server: Upstream, service: string | undefined): ProxyEnds {
  const { host, port, network } = server.end;
  if (service !== undefined) return proxyEnds({ kind: 'service', name: service, host, port });
  return proxyEnds({ kind: 'address', host, port, ...(network === undefined ? {} : { network }) });
}
