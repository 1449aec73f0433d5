import { createServer, type AddressInfo, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createStockClient } from './stock-client.ts';

const servers: ReturnType<typeof createServer>[] = [];
afterEach(() => {
  for (const one of servers.splice(0)) one.close();
});

async function stockThat(answer: (socket: Socket, connection: number) => void) {
  let connections = 0;
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    answer(socket, ++connections);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
}

test('a stock that is killed fails the question, not the one that asks; the next question finds it again', async () => {
  const place = await stockThat((socket, connection) => {
    socket.once('data', () => {
      if (connection === 1) socket.resetAndDestroy();
      else socket.end(':7\r\n');
    });
  });
  const ask = createStockClient('127.0.0.1', place);
  await expect(ask('TAKE umbrella')).rejects.toThrow('the connection to stock broke');
  await expect(ask('TAKE umbrella')).resolves.toBe(7);
});
