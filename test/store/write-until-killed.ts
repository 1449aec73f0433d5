import { openStore } from '@netring/registry/store/index';

/**
 * A program: commits without end to the embedded store in the folder it is given, and prints the number of each
 * commit once it was acknowledged.
 */
const store = await openStore({ kind: 'embedded', folder: process.argv[2] });

async function commitWithoutEnd(writer: number): Promise<never> {
  for (let order = 0; ; order++) {
    const done = await store.commit({
      newer: { group: 'orders', key: String(writer), order },
      put: [{ group: `values-${writer}`, key: String(order), value: Buffer.alloc(10_000, order) }],
      remove: order < 50 ? [] : [{ group: `values-${writer}`, key: String(order - 50) }],
      append: { log: 'log', value: `${writer}:${order}`, bound: { entries: 1_000_000, ageMs: 600_000 } },
    });
    if (done.outcome !== 'done')
      throw new Error(`Writer ${writer} was answered ${done.outcome} to ${order}.`);
    process.stdout.write(`${writer}:${order}\n`);
  }
}

await Promise.all(Array.from({ length: 8 }, (_, writer) => commitWithoutEnd(writer)));
