import { createSocket } from 'node:dgram';
import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { isIP, isIPv4 } from 'node:net';

/** No address could be found; the message says what to set. */
export class NoAddressError extends Error {
  override readonly name = 'NoAddressError';
}

/** An address to listen on that stands for all of the machine's addresses. */
export function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}

/** Whether somebody who listens on `host` hears what comes to `address`; also true where that cannot be told. */
export function mayHear(host: string, address: string): boolean {
  return host === '::' || isIP(host) === 0 || isIP(address) === isIP(host);
}

/** All addresses of a name, in the order that the machine's resolver prefers. */
export type LookupAll = (host: string) => Promise<readonly LookupAddress[]>;

/**
 * Where other members reach this one: what was configured or told by the platform, else the one address listened on,
 * else the local address of the route towards the registry, of a kind that is listened on. Nothing outside is ever asked.
 *
 * @throws NoAddressError
 */
export async function advertisedAddress(
  from: { told: string | undefined; listenHost: string; registryUrl: string },
  lookupAll: LookupAll = askSystem,
): Promise<string> {
  if (from.told !== undefined) return from.told;
  if (isIP(from.listenHost) !== 0 && !isWildcard(from.listenHost)) return from.listenHost;
  if (from.listenHost === 'localhost') return '127.0.0.1';
  const host = new URL(from.registryUrl).hostname.replace(/^\[|\]$/g, '');
  // Listening on all of IPv4 is listening on nothing of IPv6, which resolvers prefer; the reverse does not hold.
  const isIPv4Only = from.listenHost === '0.0.0.0';
  const toDo = `set ${isIPv4Only ? 'NETRING_SERVER_HOST=:: to be reached at IPv6 too, or ' : ''}NETRING_ADVERTISE_IP`;
  try {
    return await localAddressTowards(preferred(await lookupAll(host), isIPv4Only));
  } catch (error) {
    throw new NoAddressError(
      `no address to be reached at: there is no route towards the registry's ${host} ` +
        `(${error instanceof Error ? error.message : String(error)}): ${toDo}`,
      { cause: error },
    );
  }
}

/** Where the registry has IPv6 only this member measures and tells all the same; that nobody reaches it there is said by {@link mayHear}. */
function preferred(all: readonly LookupAddress[], isIPv4Only: boolean): LookupAddress {
  const towards = (isIPv4Only ? all.find(({ address }) => isIPv4(address)) : undefined) ?? all[0];
  if (towards === undefined) throw new Error('it has no address');
  return towards;
}

const askSystem: LookupAll = (host) => lookup(host, { all: true });

/** The local address that the kernel would use towards another one. Connecting a UDP socket sends no packet. */
async function localAddressTowards({ address, family }: LookupAddress): Promise<string> {
  const socket = createSocket(family === 6 ? 'udp6' : 'udp4');
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      // The port means nothing for the route; 9 is "discard".
      socket.connect(9, address, () => resolve());
    });
    return socket.address().address;
  } finally {
    socket.close();
  }
}
