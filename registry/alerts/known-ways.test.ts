import { expect, test } from 'vitest';
import type { AlertMemory } from './alert-state.ts';
import { finding, type Finding } from './finding.ts';
import { onKnownWays } from './known-ways.ts';

const loss = (way: string, of?: Finding['way']): Finding => {
  const [source_location = '', target_location = ''] = way.split('>');
  return finding({
    rule: 'loss',
    subject: { source_location, target_location },
    summary: way,
    ...(of && { way: of }),
  });
};

test.each<[about: string, before: Finding[], now: Finding[], told: string[]]>([
  ['nothing is told yet', [], [loss('a>b', 'unknown')], ['a>b']],
  ['it was on the way back', [loss('b>a', 'known')], [loss('a>b', 'unknown')], ['b>a']],
  [
    'it was and is on the way back',
    [loss('b>a', 'known')],
    [loss('a>b', 'unknown'), loss('b>a', 'known')],
    ['b>a'],
  ],
  [
    'it was on both ways, each by itself',
    [loss('b>a', 'known'), loss('a>b', 'known')],
    [loss('a>b', 'unknown')],
    ['a>b'],
  ],
  ['it was nobody knows where', [loss('b>a', 'unknown')], [loss('a>b', 'unknown')], ['a>b']],
  ['it was on the way back of another', [loss('c>a', 'known')], [loss('a>b', 'unknown')], ['a>b']],
  ['it is on this way now', [loss('b>a', 'known')], [loss('a>b', 'known')], ['a>b']],
  ['it is on both ways', [loss('b>a', 'known')], [loss('a>b')], ['a>b']],
])('%s', (_, before, now, told) => {
  const memories = new Map(before.map((one) => [one.id, one as unknown as AlertMemory]));
  const found = onKnownWays(now, memories);
  expect(found.map(({ summary }) => summary)).toEqual(told);
  expect(found.map(({ id }) => id)).toEqual(told.map((way) => loss(way).id));
});
