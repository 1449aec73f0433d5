import { expect, test } from 'vitest';
import { exampleIncident } from '../example/example-alerts.ts';
import { crossingPhrases } from './crossing.ts';
import { phraseText } from './phrase.ts';

const plain = (text: string): string => text.replace(/[\u2068\u2069]/g, '');

test.for([
  [
    { dependencies: 1, services: ['orders'], more_services: 0, now: true },
    '1 dependency of orders crosses it',
  ],
  [
    { dependencies: 6, services: ['orders', 'payments'], more_services: 0, now: true },
    '6 dependencies of orders and payments cross it',
  ],
  [
    { dependencies: 60, services: ['a', 'b', 'c'], more_services: 4, now: true },
    '60 dependencies of a, b, c and 4 other services cross it',
  ],
  [
    { dependencies: 2, services: ['a'], more_services: 1, now: false },
    '2 dependencies of a and 1 other service crossed it before its traffic stopped',
  ],
  [{ dependencies: 0, services: [], more_services: 0, now: true }, ''],
] as const)('%j', ([crossing, says]) => {
  const incident = exampleIncident('a', { crossing: { ...crossing, services: [...crossing.services] } });
  expect(plain(phraseText(crossingPhrases(incident)))).toBe(says);
});

test('nothing is said where nothing was seen; names are isolated one by one', () => {
  expect(crossingPhrases(exampleIncident('a'))).toEqual([]);
  const crossing = { dependencies: 1, services: ['\u202eevil'], more_services: 0, now: true };
  expect(crossingPhrases(exampleIncident('a', { crossing }))).toContainEqual({ name: '\u202eevil' });
});
