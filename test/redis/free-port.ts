import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below those that the kernel gives to whoever asks for any (32768 and up), and away from what Netring listens on. */
const ports = { from: 12_000, to: 30_000 };

/**
 * A port on which nothing listens on loopback, and which nobody is given by the kernel meanwhile. Test files that run side
 * by side choose from shares of their own.
 */
export async function freePort(): Promise<number> {
  const shares = 8;
  const share = Number(process.env.VITEST_POOL_ID ?? 0) % shares;
  const size = Math.floor((ports.to - ports.from) / shares);
  for (;;) {
    const port = ports.from + share * size + Math.floor(size * Math.random());
    const server = createServer().listen(port, '127.0.0.1');
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}
