/**
 * What vitest's JSON report says: how many tests passed and failed, and every skipped one with its reason, which tests
 * carry in a title as `(skipped: reason)`.
 *
 * A file that failed before its first test counts as one failure.
 */
export function testOutcome(report) {
  const files = report.testResults ?? [];
  const tests = files.flatMap((file) => file.assertionResults.map((test) => ({ ...test, file: file.name })));
  const brokenFiles = files.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  );
  return {
    passed: tests.filter((test) => test.status === 'passed').length,
    failed: tests.filter((test) => test.status === 'failed').length + brokenFiles.length,
    skipped: tests.filter((test) => !['passed', 'failed'].includes(test.status)).map(skippedTest),
  };
}

/** More files than these do not fail for their neighbours' sake. */
const mostUnsteady = 8;

/** The files with failed tests, where they are few enough to be tried a second time, alone; else none. */
export function filesToTryAgain(report) {
  const failed = (report.testResults ?? []).filter((file) => file.status === 'failed');
  return failed.length <= mostUnsteady ? failed.map((file) => file.name) : [];
}

/** The report with what came of the second try in place of the first, and the tests that passed only then. */
export function afterSecondTry(report, second) {
  const anew = new Map((second.testResults ?? []).map((file) => [file.name, file]));
  const unsteady = [];
  const testResults = (report.testResults ?? []).map((file) => {
    const again = anew.get(file.name);
    if (again === undefined || file.status !== 'failed') return file;
    const failed = file.assertionResults.filter((test) => test.status === 'failed').map(nameOf);
    // It broke before its first test, or after its last one.
    if (failed.length === 0) failed.push(file.name);
    if (again.status === 'passed') unsteady.push(...failed);
    return again;
  });
  return { report: { ...report, testResults }, unsteady };
}

const reasonInTitle = / ?\(skipped: (.*?)\)(?= |$)/;

function skippedTest(test) {
  const reason = titlesOf(test)
    .map((one) => reasonInTitle.exec(one)?.[1])
    .find((one) => one !== undefined);
  return { name: nameOf(test), reason: reason ?? 'no reason given', file: test.file };
}

function nameOf(test) {
  return titlesOf(test)
    .map((one) => one.replace(reasonInTitle, ''))
    .join(' > ');
}

function titlesOf({ ancestorTitles, title }) {
  return [...ancestorTitles, title].filter((one) => one !== '');
}
