import { ensureBuilt } from './built.js';
import { ensureInstalled } from './installed.js';
import { demandNode } from './node-version.js';
import { foreground, runScript } from './step.js';

// `npm run bench`: runs a bench beside its peer.
demandNode();
await runScript(async (args) => {
  await ensureInstalled();
  await ensureBuilt('cli', 'test', 'ui');
  return foreground(process.execPath, ['test/dist/bench/main.js', ...args]);
});
