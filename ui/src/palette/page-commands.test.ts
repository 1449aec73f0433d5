import { expect, test } from 'vitest';
import type { AddressState } from '../address/address.svelte.ts';
import { exampleDependency, exampleGraph, exampleService } from '../example/example-graph.ts';
import { exampleMember, exampleOverview, examplePath } from '../example/example-ring.ts';
import { fromSnapshot } from '../live/picture.ts';
import { placeCommands } from './page-commands.ts';

/** An address that notes where it was led. */
function noted(page: 'home' | 'alerts') {
  const went: unknown[][] = [];
  const note =
    (what: string) =>
    (...to: unknown[]): void =>
      void went.push([what, ...to]);
  const current = { page: { kind: page } } as AddressState['current'];
  const address = {
    current,
    visit: note('visit'),
    open: note('open'),
    change: note('change'),
    showMember: note('member'),
  };
  return { address, went };
}

const picture = fromSnapshot(
  exampleOverview(
    [exampleMember('us1-a', 'us1'), exampleMember('us1-b', 'us1', { status: 'offline' })],
    [examplePath('us1', 'eu1', { state: 'down' }), examplePath('us1', 'shop', { target_kind: 'external' })],
  ),
);
const graph = exampleGraph([exampleService('us1/web')], [exampleDependency('us1/web', 'us1/web')]);

test('every place is a command, and leads there', () => {
  const { address, went } = noted('alerts');
  const all = placeCommands({ picture, graph, address });
  const shown = all
    .filter(({ group }) => group !== 'Pages')
    .map(({ group, title, note }) => [group, title, note]);
  expect(shown).toEqual([
    ['Locations', 'us1', '2 members'],
    ['Members', 'us1-a', 'online'],
    ['Members', 'us1-b', 'offline'],
    ['Services', 'web', 'us1'],
    ['Paths', 'us1 → eu1', 'down'],
    ['External targets', 'us1 → shop', 'up'],
  ]);
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  all.find(({ title }) => title === 'us1 → eu1')?.run();
  expect(went).toEqual([
    ['visit', { kind: 'home' }],
    ['open', { source: 'us1', kind: 'member', target: 'eu1' }],
  ]);
});

test('at home already, nothing is left first; before there is a picture, there are pages', () => {
  const { address, went } = noted('home');
  placeCommands({ picture, graph: undefined, address })
    .find(({ title }) => title === 'us1-b')
    ?.run();
  expect(went).toEqual([['member', 'us1-b']]);
  const groups = placeCommands({ picture: undefined, graph: undefined, address }).map(({ group }) => group);
  expect(new Set(groups)).toEqual(new Set(['Pages']));
});
