import { createServer } from 'node:http';
import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { listen, ListenError, type Served } from './listen.ts';

const app: Served = { fetch: () => new Response('hello') };
const anywhere = { host: '127.0.0.1', port: 0, maxConnections: 10 };

test('port 0 takes any free one, and closing gives it back', async () => {
  const server = await listen(app, anywhere);
  expect(await (await fetch(`http://127.0.0.1:${server.port}/`)).text()).toBe('hello');
  await server.close(1_000);
  await expect(fetch(`http://127.0.0.1:${server.port}/`)).rejects.toThrow();
});

test('a taken port is told, and what to do', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const failed = listen(app, { ...anywhere, port });
  await expect(failed).rejects.toThrow(ListenError);
  await expect(failed).rejects.toThrow(
    `port ${port} on 127.0.0.1 is taken by another program: stop it, or set NETRING_SERVER_PORT to a free port`,
  );
  other.close();
});

test("an address that is not this machine's is told, and what to do", async () => {
  await expect(listen(app, { ...anywhere, host: '192.0.2.1' })).rejects.toThrow(
    '192.0.2.1 is not an address of this machine: set NETRING_SERVER_HOST to one that is',
  );
});

test('closing waits for a running request, and closes what lingers after the grace', async () => {
  let answer: () => void = () => undefined;
  const slow: Served = {
    fetch: () => new Promise((resolve) => (answer = () => resolve(new Response('late')))),
  };
  const server = await listen(slow, anywhere);
  const running = fetch(`http://127.0.0.1:${server.port}/`);
  while (String(answer).includes('undefined')) await new Promise((resolve) => setTimeout(resolve, 5));
  const closing = server.close(10_000);
  answer();
  expect(await (await running).text()).toBe('late');
  await closing;

  const lingering = await listen(app, anywhere);
  const socket = connect(lingering.port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write('GET / HTTP/1.1\r\n');
  const gone = once(socket, 'close');
  await lingering.close(50);
  await gone;
});
