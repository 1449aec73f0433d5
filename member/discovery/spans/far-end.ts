import { isIP } from 'node:net';
import { schemeOf } from './protocol.ts';
import { kinds, numberOf, textOf, type Attributes, type SpanKind } from './span.ts';

/** What a span knows of the other end. */
export interface FarEnd {
  /** Its address or DNS name. */
  host: string | undefined;
  /** 0 when it is not known, and of callers, whose ports say nothing. */
  port: number;
  /** The name that the span gives the other service. */
  name: string | undefined;
}

const schemePorts: Readonly<Record<string, number>> = { http: 80, https: 443, ws: 80, wss: 443 };

/** What a host may be: an address, or a DNS name. */
const hostShape = /^[a-z0-9_]([a-z0-9_.-]{0,251}[a-z0-9_])?\.?$/i;

/** What a span says of whom it called or who called it. */
export function farEndOf(kind: SpanKind, attributes: Attributes): FarEnd {
  const isCallee = kind === kinds.server || kind === kinds.consumer;
  return isCallee && textOf(attributes, 'messaging.system') === undefined
    ? callerOf(attributes)
    : calleeOf(attributes);
}

/** The peer of the connection comes first: `client.address` may be what a header says, of somebody behind proxies. */
function callerOf(attributes: Attributes): FarEnd {
  const host = firstHost(
    textOf(attributes, 'network.peer.address', 'net.sock.peer.addr', 'net.peer.ip'),
    textOf(attributes, 'client.address', 'http.client_ip'),
  );
  const name = textOf(attributes, 'service.peer.name', 'peer.service');
  return { host, port: 0, name };
}

/**
 * The address that the connection went to, which sockets show as well; else the name that was asked for. A loopback
 * address of the connection is a proxy beside the caller more often than the callee: then the name asked for comes first.
 */
function calleeOf(attributes: Attributes): FarEnd {
  const url = urlOf(attributes);
  const peer = firstHost(textOf(attributes, 'network.peer.address', 'net.sock.peer.addr', 'net.peer.ip'));
  const asked = firstHost(textOf(attributes, 'server.address', 'net.peer.name'), url?.host);
  const peerPort = portOf(attributes, 'network.peer.port', 'net.sock.peer.port');
  const askedPort =
    portOf(attributes, 'server.port', 'net.peer.port') ??
    url?.port ??
    schemePorts[schemeOf(attributes) ?? ''];
  const usesPeer = peer !== undefined && (asked === undefined || !isLoopback(peer) || isLoopback(asked));
  const host = usesPeer ? peer : asked;
  const port = usesPeer ? (peerPort ?? askedPort) : (askedPort ?? peerPort);
  const name = textOf(attributes, 'service.peer.name', 'peer.service');
  return { host, port: port ?? 0, name };
}

/** The port that a span of the callee says it was asked on. */
export function ownPortOf(attributes: Attributes): number {
  return portOf(attributes, 'network.local.port', 'server.port', 'net.host.port') ?? 0;
}

/** Whether this is an address, or the name, of the machine (or network namespace) itself. */
export function isLoopback(host: string): boolean {
  return /^(localhost|::1|(::ffff:)?127(\.\d{1,3}){3})$/i.test(host);
}

function firstHost(...hosts: readonly (string | undefined)[]): string | undefined {
  for (const host of hosts) {
    if (host === undefined) continue;
    const bare = host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
    if (isIP(bare) !== 0) return bare.replace(/^::ffff:(?=\d+\.)/i, '').toLowerCase();
    if (hostShape.test(bare)) return bare.toLowerCase().replace(/\.$/, '');
  }
  return undefined;
}

function portOf(attributes: Attributes, ...names: readonly string[]): number | undefined {
  const port = numberOf(attributes, ...names);
  return port !== undefined && Number.isInteger(port) && port > 0 && port <= 65_535 ? port : undefined;
}

function urlOf(attributes: Attributes): { host: string; port: number | undefined } | undefined {
  const full = textOf(attributes, 'url.full', 'http.url');
  if (full === undefined || !URL.canParse(full)) return undefined;
  const { hostname, port } = new URL(full);
  return { host: hostname, port: port === '' ? undefined : Number(port) };
}
