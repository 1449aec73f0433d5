import { setTimeout as wait } from 'node:timers/promises';
import { readOptions } from './read-options.ts';
import { runService } from './run-service.ts';
import { serveJson } from './serve-json.ts';

/** How long a bank thinks, at least and in addition at most. */
const bankMs = { least: 3, more: 5 };

/** Charges customers. */
runService(() => {
  const { listen } = readOptions('listen');
  let charges = 0;
  serveJson(listen, async ({ method, path }) => {
    if (method !== 'POST' || path !== '/charges') return { status: 404, body: { error: 'no such page' } };
    await wait(bankMs.least + Math.random() * bankMs.more);
    return { status: 201, body: { charge: ++charges } };
  });
});
