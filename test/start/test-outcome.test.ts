import { expect, test } from 'vitest';

interface Outcome {
  readonly testOutcome: (report: object) => unknown;
}

const path = new URL('../../scripts/test-outcome.js', import.meta.url).href;
const { testOutcome } = (await import(path)) as Outcome;

const one = (status: string, title: string, ...ancestorTitles: string[]) => ({
  status,
  title,
  ancestorTitles,
});

test('passed and failed tests are counted, skipped ones named with their reason', () => {
  const report = {
    testResults: [
      {
        name: 'a.test.ts',
        status: 'failed',
        assertionResults: [
          one('passed', 'works'),
          one('failed', 'breaks'),
          one('skipped', 'measures', 'a lab (skipped: it needs root, for namespaces)'),
          one('todo', 'later'),
        ],
      },
    ],
  };
  expect(testOutcome(report)).toEqual({
    passed: 1,
    failed: 1,
    skipped: [
      { name: 'a lab > measures', reason: 'it needs root, for namespaces', file: 'a.test.ts' },
      { name: 'later', reason: 'no reason given', file: 'a.test.ts' },
    ],
  });
});

test('a file that broke before its first test is a failure', () => {
  const report = { testResults: [{ name: 'a.test.ts', status: 'failed', assertionResults: [] }] };
  expect(testOutcome(report)).toMatchObject({ passed: 0, failed: 1 });
});
