import { describe, expect, test } from 'vitest';

interface Outcome {
  readonly testOutcome: (report: object) => unknown;
  readonly filesToTryAgain: (report: object) => string[];
  readonly afterSecondTry: (report: object, second: object) => { report: object; unsteady: string[] };
}

const path = new URL('../../scripts/test-outcome.js', import.meta.url).href;
const { testOutcome, filesToTryAgain, afterSecondTry } = (await import(path)) as Outcome;

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

describe('a second try', () => {
  const file = (name: string, ...assertionResults: object[]) => {
    const isFailed = assertionResults.some((test) => 'status' in test && test.status === 'failed');
    return { name, status: isFailed ? 'failed' : 'passed', assertionResults };
  };
  const first = {
    testResults: [file('a', one('passed', 'x')), file('b', one('failed', 'y', 'of b'), one('passed', 'z'))],
  };

  test('is for few files that failed, not for many', () => {
    expect(filesToTryAgain(first)).toEqual(['b']);
    const many = [...'cdefghijk'].map((name) => file(name, one('failed', 'x')));
    expect(filesToTryAgain({ testResults: many })).toEqual([]);
  });

  test('that passes counts, and names what passed only then', () => {
    const second = { testResults: [file('b', one('passed', 'y', 'of b'), one('passed', 'z'))] };
    const { report, unsteady } = afterSecondTry(first, second);
    expect(testOutcome(report)).toMatchObject({ passed: 3, failed: 0 });
    expect(unsteady).toEqual(['of b > y']);
  });

  test('that fails, or never ran, stays a failure', () => {
    for (const second of [first, { testResults: [] }]) {
      const { report, unsteady } = afterSecondTry(first, second);
      expect(testOutcome(report)).toMatchObject({ passed: 2, failed: 1 });
      expect(unsteady).toEqual([]);
    }
  });
});
