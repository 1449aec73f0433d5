import { ensureBuilt } from './built.js';
import { ensureInstalled } from './installed.js';
import { demandNode } from './node-version.js';
import { foreground, runScript } from './step.js';

// `npm run lab`: runs a network of locations by hand.
demandNode();
await runScript(async (args) => {
  await ensureInstalled();
  await ensureBuilt('test');
  return foreground(process.execPath, ['test/dist/lab/main.js', ...args]);
});
