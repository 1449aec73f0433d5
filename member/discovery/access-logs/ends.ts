import { endId } from '@netring/contract/end';
import { isAddress, isInside, normalHost, type Protocol } from '@netring/topology';
import type { Collector } from '../collector.ts';
import type { Client, Upstream } from './access-record.ts';
import { ByteTable } from './byte-table.ts';

/** Addresses as they stand in lines, as ends; what cannot be one is `undefined`. */
export interface Ends {
  /** `10.0.0.1`, `10.0.0.1:54321`, `fd00::1`, `[fd00::1]:54321`: the port says nothing of who asked. */
  client: (bytes: Buffer, start: number, end: number) => Client | undefined;
  /** `10.0.0.1:8080`, `[fd00::1]:8080`, `orders:8080`; without a port it is 0. */
  server: (bytes: Buffer, start: number, end: number) => Upstream | undefined;
  /** `http://10.0.0.1:8080/anything`: where it leads, and what is spoken there. */
  url: (bytes: Buffer, start: number, end: number) => Backend | undefined;
  /** Asks again, now and then, who is who. */
  refresh(): void;
}

export interface Backend {
  upstream: Upstream;
  /** By the URL's scheme; HTTP/2 in clear text (`h2c`) need not be gRPC. */
  protocol: Protocol;
}

/** The ids of ends, as the collector gives them; '' for what can be no end. */
export type EndNames = Pick<Collector, 'callerId' | 'calleeId'>;

/** Ids as they are without a collector. */
export const plainEndNames: EndNames = {
  callerId: (host, network) => endId({ kind: 'address', host, ...inNetwork(network) }),
  calleeId: (host, port, network) =>
    endId({ kind: 'address', host, ...(port === 0 ? {} : { port }), ...inNetwork(network) }),
};

/** The collector counts rare callers from outside as one; who is rare is found out anew this often. */
const callersKeptMs = 10 * 60_000;

const [colon, bracketOpen, bracketClose, dash] = [0x3a, 0x5b, 0x5d, 0x2d];

/** @param network the network that the addresses are meaningful in, where that is not the member's own */
export function endsOf(network?: string, names: EndNames = plainEndNames): Ends {
  const clients = new ByteTable((bytes, start, end): Client | undefined => {
    const host = hostIn(bytes, start, end);
    if (host === undefined || !isAddress(host)) return undefined;
    const id = names.callerId(host, network);
    if (id === '') return undefined;
    return {
      end: { host, port: 0, service: id, ...inNetwork(network) },
      id,
      isInside: isInside(host),
      hop: undefined,
    };
  });
  let clearedMs = performance.now();
  const serverAt = (bytes: Buffer, start: number, end: number, usualPort: number): Upstream | undefined => {
    const portAt = portStart(bytes, start, end);
    const host = hostIn(bytes, start, portAt === end ? end : portAt - 1);
    const port = portAt === end ? usualPort : Number(bytes.toString('latin1', portAt, end));
    if (host === undefined || !(port <= 65_535)) return undefined;
    const id = names.calleeId(host, port, network);
    if (id === '') return undefined;
    return {
      end: { host, port, service: id, ...inNetwork(network) },
      id,
      isInside: isInside(host),
      hop: undefined,
    };
  };
  const servers = new ByteTable((bytes, start, end) => serverAt(bytes, start, end, 0));
  const urls = new ByteTable((bytes, start, end): Backend | undefined => {
    const [, scheme, authority] = url.exec(bytes.toString('latin1', start, end)) ?? [];
    if (scheme === undefined || authority === undefined) return undefined;
    const place = Buffer.from(authority);
    const protocol = scheme === 'https' ? 'https' : 'http';
    const upstream = serverAt(place, 0, place.length, protocol === 'https' ? 443 : 80);
    return upstream === undefined ? undefined : { upstream, protocol };
  });
  return {
    client(bytes, start, end) {
      const portAt = portStart(bytes, start, end);
      return clients.find(bytes, start, portAt === end ? end : portAt - 1);
    },
    server: (bytes, start, end) => servers.find(bytes, start, end),
    url: (bytes, start, end) => urls.find(bytes, start, end),
    refresh() {
      if (performance.now() - clearedMs < callersKeptMs) return;
      clearedMs = performance.now();
      clients.clear();
    },
  };
}

function inNetwork(network: string | undefined): { network?: string } {
  return network === undefined || network === '' ? {} : { network };
}

const url = /^(https?|h2c|wss?):\/\/([^/?#@]+)/;
const name = /^[a-z0-9_](?:[a-z0-9_.-]{0,252})$/;

function hostIn(bytes: Buffer, start: number, end: number): string | undefined {
  const isBracketed = bytes[start] === bracketOpen && bytes[end - 1] === bracketClose;
  const text = isBracketed
    ? bytes.toString('latin1', start + 1, end - 1)
    : bytes.toString('latin1', start, end);
  const host = normalHost(text.split('%')[0] as string);
  return isAddress(host) || name.test(host) ? host : undefined;
}

/** Where the digits of a port begin; `end` when there is none. An IPv6 address has a port only after brackets. */
function portStart(bytes: Buffer, start: number, end: number): number {
  let at = end - 1;
  while (at > start && bytes[at]! >= 0x30 && bytes[at]! <= 0x39) at--;
  if (at === end - 1 || at <= start || bytes[at] !== colon) return end;
  if (bytes[start] === bracketOpen) return bytes[at - 1] === bracketClose ? at + 1 : end;
  for (let before = at - 1; before > start; before--) if (bytes[before] === colon) return end;
  return bytes[start] === colon ? end : at + 1;
}

/** Whether a field says that there is nothing: empty or `-`. */
export function isNothing(bytes: Buffer, start: number, end: number): boolean {
  return end <= start || (end === start + 1 && bytes[start] === dash);
}
