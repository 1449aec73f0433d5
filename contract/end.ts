/**
 * How a member writes down who asked and who answered, in the ids of the services of its traffic buckets. It says only
 * what it knows: a service that it found on its own host, or an address that somebody else must recognise. The registry,
 * which knows what listens where, turns ends into services.
 */
export type End =
  /** A service of the reporting member's own host, by the name that its inventory gives it. */
  | { kind: 'service'; name: string }
  /** A service by the name that traffic itself gave it (a span's `peer.service`), wherever it may be. */
  | { kind: 'peer'; name: string }
  /**
   * An address or DNS name, without a port where it only asks. `network` names the network that the address is
   * meaningful in, where the reporter said so; else it is meaningful where the reporting member is.
   */
  | { kind: 'address'; host: string; port?: number; network?: string };

/** The id of an end: `service:orders`, `peer:orders`, `address:10.1.0.5:80`, `address:[fd00::1]:80`, `address:shop/10.1.0.5`. */
export function endId(end: End): string {
  if (end.kind !== 'address') return `${end.kind}:${end.name}`;
  const host = end.host.includes(':') ? `[${end.host}]` : end.host;
  const network = end.network === undefined ? '' : `${encodeURIComponent(end.network)}/`;
  return `address:${network}${host}${end.port === undefined ? '' : `:${end.port}`}`;
}

const address = /^(?:(?<network>[^/]*)\/)?(?:\[(?<six>[^\]]+)\]|(?<host>[^:[\]/]+))(?::(?<port>\d{1,5}))?$/;

/** The end that an id stands for; `undefined` when it is none. The opposite of {@link endId}. */
export function endOf(id: string): End | undefined {
  const at = id.indexOf(':');
  const [kind, rest] = [id.slice(0, Math.max(at, 0)), id.slice(at + 1)];
  if (rest === '') return undefined;
  if (kind === 'service' || kind === 'peer') return { kind, name: rest };
  const found = kind === 'address' ? address.exec(rest)?.groups : undefined;
  if (found === undefined) return undefined;
  const port = found.port === undefined ? undefined : Number(found.port);
  if (port !== undefined && port > 65_535) return undefined;
  const network = found.network === undefined ? undefined : decoded(found.network);
  if (found.network !== undefined && network === undefined) return undefined;
  return {
    kind: 'address',
    host: (found.six ?? found.host) as string,
    ...(port === undefined ? {} : { port }),
    ...(network === undefined ? {} : { network }),
  };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
