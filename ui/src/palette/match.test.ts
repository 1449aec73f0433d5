import { describe, expect, test } from 'vitest';
import { createCommands, type Command, type CommandGroup } from './commands.ts';
import { matching, mostOfGroup } from './match.ts';

const command = (group: CommandGroup, title: string, words?: string): Command => ({
  id: `${group} ${title}`,
  group,
  title,
  ...(words !== undefined && { words }),
  run: () => undefined,
});

const all = [
  command('Pages', 'All paths and members', 'home'),
  command('Actions', 'Light colours', 'theme dark'),
  command('Locations', 'us1'),
  command('Members', 'us1-edge-a'),
  command('Members', 'eu1-edge-a'),
  command('Paths', 'us1 → eu1'),
  command('Paths', 'eu1 → us1'),
  command('Services', 'payments', 'eu1 10.0.0.7'),
];

test.for([
  [
    '',
    [
      'Light colours',
      'All paths and members',
      'us1',
      'us1-edge-a',
      'eu1-edge-a',
      'payments',
      'us1 → eu1',
      'eu1 → us1',
    ],
  ],
  ['us1', ['us1', 'us1-edge-a', 'us1 → eu1', 'eu1 → us1']],
  ['us1 → eu1', ['us1 → eu1', 'eu1 → us1']],
  ['eu1 us1', ['eu1 → us1', 'us1 → eu1']],
  ['EDGE', ['us1-edge-a', 'eu1-edge-a']],
  ['edge', ['us1-edge-a', 'eu1-edge-a']],
  ['theme', ['Light colours']],
  ['10.0.0.7', ['payments']],
  ['dge eu', ['eu1-edge-a']],
  ['nothing', []],
] as const)('%s finds %j', ([query, titles]) => {
  expect(matching(all, query).shown.map(({ title }) => title)).toEqual(titles);
});

test('what is beyond the bound is counted, not shown', () => {
  const many = Array.from({ length: 10_000 }, (_, index) => command('Services', `service ${index}`));
  const [browsing] = matching(many, '').groups;
  expect([browsing?.commands.length, browsing?.more]).toEqual([
    mostOfGroup.browsing,
    10_000 - mostOfGroup.browsing,
  ]);
  const [searching] = matching(many, 'service 99').groups;
  expect([searching?.commands.length, searching?.more]).toEqual([12, 268]);
});

describe('sources', () => {
  test('offer what they have when asked, until they go', () => {
    const commands = createCommands();
    const leaving = new AbortController();
    let offered = [command('Pages', 'a')];
    commands.add(() => offered, leaving.signal);
    offered = [command('Pages', 'b'), command('Pages', 'c')];
    expect(commands.all().map(({ title }) => title)).toEqual(['b', 'c']);
    leaving.abort();
    expect(commands.all()).toEqual([]);
    commands.add(() => offered, leaving.signal);
    expect(commands.all()).toEqual([]);
  });
});
