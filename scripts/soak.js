import { ensureBuilt } from './built.js';
import { ensureInstalled } from './installed.js';
import { demandNode } from './node-version.js';
import { foreground, runScript } from './step.js';

// `npm run soak`: runs what takes hours.
demandNode();
await runScript(async (args) => {
  await ensureInstalled();
  await ensureBuilt('cli', 'test');
  return foreground(process.execPath, ['test/dist/soak/main.js', ...args]);
});
