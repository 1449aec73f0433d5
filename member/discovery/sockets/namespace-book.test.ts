import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createNamespaceBook } from './namespace-book.ts';
import { createStopwatch } from './throttle.ts';

let proc = '';
beforeEach(async () => {
  proc = await mkdtemp(join(tmpdir(), 'netring-namespaces-'));
});
afterEach(() => rm(proc, { recursive: true, force: true }));

const header =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';
/** Listens on port 8080 of every address. */
const listens = (inode: number): string =>
  `   0: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1 0 100 0 0 10 0`;

/** A process of the made-up `/proc`, alone in a network namespace with that address. */
async function live(pid: string, namespace: number, address: string, ...sockets: string[]): Promise<void> {
  await mkdir(join(proc, pid, 'ns'), { recursive: true });
  await mkdir(join(proc, pid, 'net'));
  await symlink(`net:[${namespace}]`, join(proc, pid, 'ns', 'net'));
  await writeFile(join(proc, pid, 'net', 'tcp'), [header, ...sockets].join('\n'));
  await writeFile(
    join(proc, pid, 'net', 'fib_trie'),
    `Local:\n     |-- ${address}\n        /32 host LOCAL\n`,
  );
}

test('whoever listens on every address is only asked for addresses of its own namespace', async () => {
  await live('self', 1, '192.0.2.1');
  await live(String(process.pid), 1, '192.0.2.1');
  await writeFile(join(proc, 'self', 'net', 'tcp'), `${header}\n${listens(11)}`);
  await live('10', 2, '172.17.0.2', listens(12));
  await live('11', 3, '172.17.0.3', listens(13));
  const book = createNamespaceBook({
    ...{ proc, ss: join(proc, 'no-such-ss'), stopwatch: createStopwatch(), isEphemeral: () => false },
  });
  await book.look();
  const inodeAt = (address: string): number | undefined => book.anyListenerAt(address, 8080, 'tcp')?.inode;
  expect(['192.0.2.1', '172.17.0.2', '172.17.0.3', '198.51.100.9'].map(inodeAt)).toEqual([
    11,
    12,
    13,
    undefined,
  ]);
  expect(['172.17.0.3', '127.0.0.1', '198.51.100.9'].map(book.isOnHost)).toEqual([true, true, false]);
});
