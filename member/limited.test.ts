import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { withinMs } from './limited.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

test('who never answers is given up in time, garbage collected or not', async () => {
  const silent = createServer(() => undefined).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/`;
  const asked = withinMs(300, new AbortController().signal, (limit) => fetch(url, { signal: limit }));
  setTimeout(collectGarbage, 100);
  await expect(asked).rejects.toThrow('no answer within 0.3 s');
  silent.closeAllConnections();
  silent.close();
});

test('what ends from outside ends it, before and meanwhile', async () => {
  const stopping = new AbortController();
  const forever = (limit: AbortSignal) =>
    new Promise<never>((_, reject) => {
      const end = () => reject(limit.reason as Error);
      if (limit.aborted) end();
      limit.addEventListener('abort', end);
    });
  const asked = withinMs(60_000, stopping.signal, forever);
  stopping.abort(new Error('stopped'));
  await expect(asked).rejects.toThrow('stopped');
  await expect(withinMs(60_000, stopping.signal, forever)).rejects.toThrow('stopped');
});

test('gives what the work gives', async () => {
  expect(await withinMs(60_000, new AbortController().signal, () => Promise.resolve(7))).toBe(7);
});
