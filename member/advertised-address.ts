import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';

/** No address could be found; the message says what to set. */
export class NoAddressError extends Error {
  override readonly name = 'NoAddressError';
}

/** An address to listen on that stands for all of the machine's addresses. */
export function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}

/**
 * Where other members reach this one: what was configured or told by the platform, else the one address listened on,
 * else the local address of the route towards the registry. Nothing outside is ever asked.
 *
 * @throws NoAddressError
 */
export async function advertisedAddress(from: {
  told: string | undefined;
  listenHost: string;
  registryUrl: string;
}): Promise<string> {
  if (from.told !== undefined) return from.told;
  if (isIP(from.listenHost) !== 0 && !isWildcard(from.listenHost)) return from.listenHost;
  if (from.listenHost === 'localhost') return '127.0.0.1';
  const host = new URL(from.registryUrl).hostname.replace(/^\[|\]$/g, '');
  try {
    return await localAddressTowards(host);
  } catch (error) {
    throw new NoAddressError(
      `no address to be reached at: there is no route towards the registry's ${host} ` +
        `(${error instanceof Error ? error.message : String(error)}): set NETRING_ADVERTISE_IP`,
      { cause: error },
    );
  }
}

/** The local address that the kernel would use towards `host`. Connecting a UDP socket sends no packet. */
async function localAddressTowards(host: string): Promise<string> {
  const { address, family } = await lookup(host);
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
