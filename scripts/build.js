import { ensureBuilt } from './built.js';
import { ensureInstalled } from './installed.js';
import { demandNode } from './node-version.js';
import { runScript } from './step.js';

// `node scripts/build.js [cli] [test] [ui]`: builds what is older than its sources; all of it without arguments.
demandNode();
await runScript(async (args) => {
  await ensureInstalled();
  await ensureBuilt(...(args.length > 0 ? args : ['cli', 'test', 'ui']));
  return 0;
});
