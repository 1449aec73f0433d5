import { expect, test } from 'vitest';
import { ranked } from './ranking.ts';
import type { Severity, Trouble } from './trouble.ts';

function trouble(key: string, severity: Severity, but: Partial<Trouble> = {}): Trouble {
  return { key, severity, text: [key], about: [], ...but };
}

const failing = trouble('calls to ap1 fail', 'bad', {
  about: [{ dependency: 'd', services: ['a', 'b'], from: 'us1', to: 'ap1', isOwn: true }],
});
const unblamed = { ...failing, about: failing.about.map((one) => ({ ...one, isOwn: false })) } as Trouble;
const silent = trouble('ap1 answers nobody', 'warn', {
  at: 'ap1',
  about: [{ source: 'us1', target: 'ap1' }],
});
const elsewhere = trouble('eu1 answers nobody', 'warn', { at: 'eu1' });
const unmeasured = trouble('nothing is known of us1 → ap1', 'unknown', {
  at: 'ap1',
  about: [{ source: 'us1', target: 'ap1' }],
});
const lossy = trouble('ap1 → us1 loses 4 %', 'warn', { about: [{ source: 'ap1', target: 'us1' }] });

test.for([
  ['what answers nobody is told before the calls that fail there', [failing, silent], [silent, failing]],
  ['elsewhere it explains nothing', [elsewhere, failing], [failing, elsewhere]],
  ['a path under calls that fail for nobody knows what', [unblamed, lossy], [lossy, unblamed]],
  ['a path is not why the callee itself is blamed', [failing, lossy], [failing, lossy]],
  ['what nothing is known of explains nothing', [unmeasured, unblamed], [unblamed, unmeasured]],
  ['without calls the worst first', [lossy, trouble('x', 'bad')], [trouble('x', 'bad'), lossy]],
] as const)('%s', ([, given, expected]) => {
  expect(ranked(given).map(({ key }) => key)).toEqual(expected.map(({ key }) => key));
});

test('it is as bad as what it lies under', () => {
  expect(ranked([failing, silent, elsewhere]).map(({ severity }) => severity)).toEqual([
    'bad',
    'bad',
    'warn',
  ]);
  expect(ranked([unblamed, unmeasured]).map(({ severity }) => severity)).toEqual(['bad', 'unknown']);
});
