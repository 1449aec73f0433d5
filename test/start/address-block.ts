import { once } from 'node:events';
import { createServer } from 'node:net';

/** Away from the addresses of a ring that somebody runs by hand. */
const blocks = { from: 64, count: 128 };
/** Of each block, an address and a port that no ring takes: whoever listens there has the block. */
const mark = { host: '255.254', port: 11_999 };

/** A part of loopback, `127.N`, that is this process's alone. */
export interface AddressBlock {
  readonly block: string;
  readonly release: () => void;
}

/** Takes a part of loopback that no other test run on this machine has. Gone with the process, however that ends. */
export async function takeAddressBlock(): Promise<AddressBlock> {
  const start = process.pid % blocks.count;
  for (let next = 0; next < blocks.count; next++) {
    const block = `127.${blocks.from + ((start + next) % blocks.count)}`;
    const server = createServer().listen(mark.port, `${block}.${mark.host}`);
    const isOurs = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    if (!isOurs) continue;
    server.unref();
    return { block, release: () => server.close() };
  }
  throw new Error('all parts of loopback for test rings are taken');
}
