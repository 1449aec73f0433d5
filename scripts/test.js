import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt } from './built.js';
import { ensureInstalled } from './installed.js';
import { ensureKubernetesTools } from './kubernetes-tools.js';
import { demandNode } from './node-version.js';
import { foreground, root, runScript } from './step.js';
import { afterSecondTry, filesToTryAgain, testOutcome } from './test-outcome.js';
import { canCompile, ensureBrowser, ensureTestPrograms } from './test-programs.js';

const results = join(root, 'test', 'results');
const report = join(results, 'vitest.json');
const secondReport = join(results, 'vitest-second-try.json');
/** For `.ci/run`: `{passed, failed, skipped, unsteady}`, as numbers. */
const counts = join(results, 'counts.json');

// `npm test [-- filters and options of vitest]`: installs what is missing, runs the tests, and names the skipped ones.
demandNode();
await runScript(async (args) => {
  mkdirSync(results, { recursive: true });
  for (const old of [report, secondReport, counts]) rmSync(old, { force: true });
  // First the compilers, which npm needs for a package.
  await ensureTestPrograms();
  await ensureInstalled({ andCompiled: canCompile() });
  await ensureBrowser();
  await ensureKubernetesTools();
  await ensureBuilt('cli', 'test', 'ui');
  const code = await vitest(report, args);
  if (!existsSync(report)) return code === 0 ? 1 : code;
  const first = JSON.parse(readFileSync(report, 'utf8'));
  const failed = filesToTryAgain(first);
  if (failed.length === 0) return summarize(first, [], code);
  process.stdout.write(`\nA second try, alone, of what failed:\n  ${failed.join('\n  ')}\n`);
  const secondCode = await vitest(secondReport, ['--maxWorkers=1', '--no-file-parallelism', ...failed]);
  if (!existsSync(secondReport)) return summarize(first, [], code);
  const second = afterSecondTry(first, JSON.parse(readFileSync(secondReport, 'utf8')));
  return summarize(second.report, second.unsteady, secondCode);
});

/** Runs the tests in the foreground; gives the exit code. */
function vitest(to, args) {
  const program = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${to}`];
  return foreground(process.execPath, [program, 'run', ...reporters, ...args], withoutOurs());
}

/** Settings of somebody's shell must not reach the registries and members of a test. */
function withoutOurs() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('NETRING_')));
}

function summarize(whole, unsteady, code) {
  const { passed, failed, skipped } = testOutcome(whole);
  const skipIsFailure = process.env.CI === 'true';
  writeFileSync(
    counts,
    JSON.stringify({ passed, failed, skipped: skipped.length, unsteady: unsteady.length }),
  );
  process.stdout.write(`\n${passed} passed, ${failed} failed, ${skipped.length} skipped\n`);
  for (const one of skipped) process.stdout.write(`  skipped: ${one.name}\n    because ${one.reason}\n`);
  for (const name of unsteady)
    process.stdout.write(`  unsteady: ${name}\n    passed only when tried again\n`);
  if (unsteady.length > 0) process.stdout.write('An unsteady test is a defect: find its cause.\n');
  const long = JSON.parse(readFileSync(join(root, 'test', 'long-tests.json'), 'utf8'));
  process.stdout.write('Not run, since they take long (NETRING_TEST_LONG=1 npx vitest run FILE):\n');
  for (const file of long) process.stdout.write(`  ${file}\n`);
  if (skipped.length > 0 && skipIsFailure)
    process.stdout.write('With CI=true every test must run: that is a failure.\n');
  if (code !== 0 || failed > 0) return 1;
  return skipIsFailure && skipped.length > 0 ? 1 : 0;
}
