import { createServer, type AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { placeProblems } from './free-places.ts';

const at = (role: 'registry' | 'member', name: string, host: string, port: number) =>
  ({ role, name, script: '', args: [], place: { host, port } }) as const;

test('a taken port is named with what to do, and an address that is not ours too', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const problems = await placeProblems([
    { ...at('registry', 'registry', '127.0.0.1', port), args: [] },
    { ...at('member', 'us1', '192.0.2.1', 8757), args: [] },
  ]);
  expect(problems).toEqual([
    expect.stringMatching(
      `^port ${port} on 127.0.0.1, where registry should listen, is taken .*--port 9756$`,
    ),
    expect.stringContaining('sudo ifconfig lo0 alias 192.0.2.1 up'),
  ]);
});

test('free places give no problem', async () => {
  const planned = [{ ...at('registry', 'registry', '127.0.0.1', 0), args: [] }];
  expect(await placeProblems(planned)).toEqual([]);
});
