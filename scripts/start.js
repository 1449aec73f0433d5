import { ensureBuilt } from './built.js';
import { ensureInstalled } from './installed.js';
import { demandNode } from './node-version.js';
import { runScript } from './step.js';

// `npm start`: installs and builds what is missing, and runs a ring on this machine in this very process, so that
// signals need no passing on.
demandNode();
await runScript(async (args) => {
  await ensureInstalled();
  await ensureBuilt('cli', 'ui');
  const { runCommandLine } = await import('../cli/dist/command-line.js');
  return runCommandLine(['up', ...args]);
});
