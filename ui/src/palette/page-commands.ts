import { wholeMap, type Page, type Pair } from '../address/address-bar.ts';
import type { AddressState } from '../address/address.svelte.ts';
import type { Picture } from '../live/picture.ts';
import type { ServiceGraph } from '../map/graph.ts';
import { noFilter } from '../matrix/filter.ts';
import { byName } from '../words/by-name.ts';
import { shownPathState, stateWords } from '../words/path-state.ts';
import type { Command } from './commands.ts';

/** What commands lead through. */
export interface Places {
  picture: Picture | undefined;
  graph: ServiceGraph | undefined;
  address: Pick<AddressState, 'current' | 'visit' | 'open' | 'change' | 'showMember'>;
}

/** Every place of the dashboard as a command: pages, locations, members, services, pairs of locations, external targets. */
export function placeCommands(places: Places): Command[] {
  const { picture } = places;
  return [
    ...pages(places),
    ...(picture === undefined ? [] : [...locations(picture, places), ...members(picture, places)]),
    ...services(places),
    ...(picture === undefined ? [] : paths(picture, places)),
  ];
}

function pages({ address }: Places): Command[] {
  const page = (id: string, title: string, words: string, to: Page): Command => ({
    id: `page ${id}`,
    group: 'Pages',
    title,
    words,
    run: () => address.visit(to),
  });
  return [
    page('home', 'All paths and members', 'home overview matrix start', { kind: 'home' }),
    page('map', 'Service map', 'services dependencies graph topology', { kind: 'map', ...wholeMap }),
    page('map-table', 'Services as a table', 'dependencies list map', {
      kind: 'map',
      ...wholeMap,
      table: true,
    }),
    page('map-problems', 'Service map, only problems', 'slow failing', {
      kind: 'map',
      ...wholeMap,
      narrowing: { ...wholeMap.narrowing, only: 'problems' },
    }),
    page('alerts', 'Alerts and silences', 'incidents firing pending resolved silence maintenance', {
      kind: 'alerts',
    }),
  ];
}

function goHome(address: Places['address']): void {
  if (address.current.page.kind !== 'home') address.visit({ kind: 'home' });
}

function locations({ members }: Picture, { address }: Places): Command[] {
  const counts = new Map<string, number>();
  for (const { location } of members.values()) counts.set(location, (counts.get(location) ?? 0) + 1);
  return [...counts]
    .sort(([one], [other]) => byName(one, other))
    .map(([name, count]) => ({
      id: `location ${name}`,
      group: 'Locations',
      title: name,
      words: 'location',
      note: `${count} ${count === 1 ? 'member' : 'members'}`,
      run: () => {
        goHome(address);
        address.change({ filter: { ...noFilter, from: name } });
      },
    }));
}

function members({ members: all }: Picture, { address }: Places): Command[] {
  return [...all.values()]
    .sort((one, other) => byName(one.instance_id, other.instance_id))
    .map(({ instance_id: id, location, ip, status }) => ({
      id: `member ${id}`,
      group: 'Members',
      title: id,
      words: `member ${location} ${ip}`,
      note: status,
      run: () => {
        goHome(address);
        address.showMember(id);
      },
    }));
}

function services({ graph, address }: Places): Command[] {
  if (graph === undefined) return [];
  return [...graph.services.values()]
    .sort((one, other) => byName(one.service_name, other.service_name))
    .map(({ service_id: id, service_name: name, location, endpoints }) => ({
      id: `service ${id}`,
      group: 'Services',
      title: name,
      words: `service ${location ?? ''} ${endpoints.map(({ host, port }) => `${host}:${port}`).join(' ')}`,
      ...(location !== undefined && { note: location }),
      run: () => address.visit({ kind: 'map', ...wholeMap, opened: { kind: 'service', id } }),
    }));
}

function paths({ paths: bySource }: Picture, { address }: Places): Command[] {
  const to =
    (pair: Pair): (() => void) =>
    () => {
      goHome(address);
      address.open(pair);
    };
  return [...bySource.values()].flatMap((ofSource) =>
    [...ofSource.values()].map((path) => {
      const { source, target, target_kind: kind } = path;
      return {
        id: `path ${JSON.stringify([source, kind, target])}`,
        group: kind === 'external' ? ('External targets' as const) : ('Paths' as const),
        title: `${source} → ${target}`,
        note: stateWords[shownPathState(path)],
        run: to({ source, kind, target }),
      };
    }),
  );
}
