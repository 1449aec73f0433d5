import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt } from './built.js';
import { ensureInstalled } from './installed.js';
import { ensureKubernetesTools } from './kubernetes-tools.js';
import { demandNode } from './node-version.js';
import { foreground, root, runScript } from './step.js';
import { testOutcome } from './test-outcome.js';
import { canCompile, ensureBrowser, ensureTestPrograms } from './test-programs.js';

const results = join(root, 'test', 'results');
const report = join(results, 'vitest.json');
/** For `.ci/run`: `{passed, failed, skipped}`, as numbers. */
const counts = join(results, 'counts.json');

// `npm test [-- filters and options of vitest]`: installs what is missing, runs the tests, and names the skipped ones.
demandNode();
await runScript(async (args) => {
  mkdirSync(results, { recursive: true });
  for (const old of [report, counts]) rmSync(old, { force: true });
  // First the compilers, which npm needs for a package.
  await ensureTestPrograms();
  await ensureInstalled({ andCompiled: canCompile() });
  await ensureBrowser();
  await ensureKubernetesTools();
  await ensureBuilt('cli', 'test', 'ui');
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const code = await foreground(process.execPath, [vitest, 'run', ...reporters, ...args], withoutOurs());
  if (!existsSync(report)) return code === 0 ? 1 : code;
  return summarize(testOutcome(JSON.parse(readFileSync(report, 'utf8'))), code);
});

/** Settings of somebody's shell must not reach the registries and members of a test. */
function withoutOurs() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('NETRING_')));
}

function summarize({ passed, failed, skipped }, code) {
  const skipIsFailure = process.env.CI === 'true';
  writeFileSync(counts, JSON.stringify({ passed, failed, skipped: skipped.length }));
  process.stdout.write(`\n${passed} passed, ${failed} failed, ${skipped.length} skipped\n`);
  for (const one of skipped) process.stdout.write(`  skipped: ${one.name}\n    because ${one.reason}\n`);
  const long = JSON.parse(readFileSync(join(root, 'test', 'long-tests.json'), 'utf8'));
  process.stdout.write('Not run, since they take long (NETRING_TEST_LONG=1 npx vitest run FILE):\n');
  for (const file of long) process.stdout.write(`  ${file}\n`);
  if (skipped.length > 0 && skipIsFailure)
    process.stdout.write('With CI=true every test must run: that is a failure.\n');
  if (code !== 0 || failed > 0) return 1;
  return skipIsFailure && skipped.length > 0 ? 1 : 0;
}
