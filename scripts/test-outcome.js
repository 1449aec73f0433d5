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

const reasonInTitle = / ?\(skipped: (.*?)\)(?= |$)/;

function skippedTest({ ancestorTitles, title, file }) {
  const titles = [...ancestorTitles, title].filter((one) => one !== '');
  const name = titles.map((one) => one.replace(reasonInTitle, '')).join(' > ');
  const reason = titles.map((one) => reasonInTitle.exec(one)?.[1]).find((one) => one !== undefined);
  return { name, reason: reason ?? 'no reason given', file };
}
