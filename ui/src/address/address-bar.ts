import type { TargetKind } from '../live/picture.ts';
import { views, type View } from '../matrix/cell.ts';
import { levels, type Level } from '../map/level.ts';
import { everything, type Narrowing } from '../map/narrow.ts';
import { noFilter, type Filter } from '../matrix/filter.ts';
import { scaleNames } from '../matrix/scale.ts';
import type { TimeAddress } from '../time/moment.ts';
import { timeFrom, writeTime } from '../time/time-address.ts';

/** A location pair, or a location and an external target. */
export interface Pair {
  source: string;
  kind: TargetKind;
  target: string;
}

/** What stands under the headline: everything, one path between two members (instance ids) and perhaps another beside it, the alerts, or the services. */
export type Page =
  | { kind: 'home' }
  | { kind: 'path'; source: string; target: string; beside?: { source: string; target: string } }
  | { kind: 'alerts' }
  | ({ kind: 'map' } & MapAddress);

/** What the service map shows, and which service or dependency is open beside it. */
export interface MapAddress {
  narrowing: Narrowing;
  opened?: { kind: 'service' | 'dependency'; id: string };
  /** As a table instead of a drawing. */
  table: boolean;
  /** How far locations are opened: all of them, and those that are opened otherwise than the rest. */
  level: Level;
  levels: Readonly<Record<string, Level>>;
  /** Whether everything outside stands for itself; else many are folded to one. */
  unfolded: boolean;
  /** Whether health checks and scrapes are shown. */
  probes: boolean;
  /** Which time it shows; absent: the present. */
  time?: TimeAddress | undefined;
}

export const wholeMap: MapAddress = {
  narrowing: everything,
  table: false,
  level: 'services',
  levels: {},
  unfolded: false,
  probes: false,
};

/** What of the screen the address bar holds, so that a link shows a colleague the same. */
export interface Address {
  page: Page;
  view: View;
  pair?: Pair;
  filter: Filter;
  /** Whether members that are offline, or have said goodbye, are shown. */
  offline: boolean;
  deregistered: boolean;
  /** The member whose facts are open beside its card, by instance id. */
  member?: string;
}

/** Reads the address from the part after `#`. What cannot be understood has its default. */
export function addressFrom(hash: string): Address {
  const given = new URLSearchParams(hash.replace(/^#/, ''));
  const source = given.get('source');
  const external = given.get('external');
  const target = external ?? given.get('target');
  const member = given.get('member');
  return {
    page: pageFrom(given),
    view: views.find((view) => view === given.get('view')) ?? 'all',
    ...(source && target && { pair: { source, kind: external === null ? 'member' : 'external', target } }),
    filter: filterFrom(given),
    offline: given.get('offline') !== 'hide',
    deregistered: given.get('deregistered') !== 'hide',
    ...(member && { member }),
  };
}

/** Writes the address as the part after `#`; defaults are left out. */
export function hashOf({ page, view, pair, filter, offline, deregistered, member }: Address): string {
  const parts = new URLSearchParams();
  if (page.kind === 'alerts') parts.set('page', 'alerts');
  if (page.kind === 'path') {
    parts.set('path-from', page.source);
    parts.set('path-to', page.target);
    if (page.beside !== undefined) {
      parts.set('beside-from', page.beside.source);
      parts.set('beside-to', page.beside.target);
    }
  }
  if (page.kind === 'map') writeMap(parts, page);
  if (view !== 'all') parts.set('view', view);
  if (pair !== undefined) {
    parts.set('source', pair.source);
    parts.set(pair.kind === 'external' ? 'external' : 'target', pair.target);
  }
  if (filter.from !== undefined) parts.set('from', filter.from);
  if (filter.to !== undefined) parts.set('to', filter.to);
  if (filter.aboveMs !== undefined) parts.set('above', String(filter.aboveMs));
  if (filter.belowMs !== undefined) parts.set('below', String(filter.belowMs));
  if (filter.failures) parts.set('only', 'failures');
  else if (filter.problems) parts.set('only', 'problems');
  if (filter.scale !== undefined) parts.set('colour', filter.scale);
  if (!offline) parts.set('offline', 'hide');
  if (!deregistered) parts.set('deregistered', 'hide');
  if (member !== undefined) parts.set('member', member);
  return parts.size === 0 ? '' : `#${parts.toString()}`;
}

function pageFrom(given: URLSearchParams): Page {
  const source = given.get('path-from');
  const target = given.get('path-to');
  if (source && target) return { kind: 'path', source, target, ...besideFrom(given) };
  if (given.get('page') === 'map') return { kind: 'map', ...mapFrom(given) };
  return given.get('page') === 'alerts' ? { kind: 'alerts' } : { kind: 'home' };
}

function besideFrom(given: URLSearchParams): { beside?: { source: string; target: string } } {
  const [source, target] = [given.get('beside-from'), given.get('beside-to')];
  return source && target ? { beside: { source, target } } : {};
}

function writeMap(parts: URLSearchParams, page: MapAddress): void {
  const { narrowing, opened, table } = page;
  parts.set('page', 'map');
  if (opened !== undefined) parts.set(opened.kind, opened.id);
  if (narrowing.only !== 'all') parts.set('show', narrowing.only);
  if (narrowing.find !== '') parts.set('find', narrowing.find);
  if (narrowing.focus !== undefined) {
    parts.set('around', narrowing.focus.service);
    parts.set('steps', String(narrowing.focus.steps));
  }
  if (table) parts.set('as', 'table');
  if (page.level !== 'services') parts.set('level', page.level);
  for (const [location, level] of Object.entries(page.levels).sort()) parts.append(level, location);
  if (page.unfolded) parts.set('outside', 'each');
  if (page.probes) parts.set('probes', 'show');
  writeTime(parts, page.time);
}

function mapFrom(given: URLSearchParams): MapAddress {
  const [service, dependency, around] = ['service', 'dependency', 'around'].map((name) => given.get(name));
  const show = given.get('show');
  const steps = Number(given.get('steps') ?? 1);
  const time = timeFrom(given);
  return {
    narrowing: {
      only: show === 'problems' || show === 'errors' ? show : 'all',
      find: given.get('find') ?? '',
      ...(around && { focus: { service: around, steps: steps >= 1 && steps <= 5 ? Math.round(steps) : 1 } }),
    },
    ...(service && { opened: { kind: 'service', id: service } }),
    ...(dependency && !service && { opened: { kind: 'dependency', id: dependency } }),
    table: given.get('as') === 'table',
    level: levels.find((level) => level === given.get('level')) ?? 'services',
    levels: Object.fromEntries(
      levels.flatMap((level) => given.getAll(level).map((location): [string, Level] => [location, level])),
    ),
    unfolded: given.get('outside') === 'each',
    probes: given.get('probes') === 'show',
    ...(time && { time }),
  };
}

function filterFrom(given: URLSearchParams): Filter {
  const from = given.get('from');
  const to = given.get('to');
  const aboveMs = latencyFrom(given.get('above'));
  const belowMs = latencyFrom(given.get('below'));
  const scale = scaleNames.find((one) => one === given.get('colour'));
  return {
    ...noFilter,
    ...(from && { from }),
    ...(to && { to }),
    ...(aboveMs !== undefined && { aboveMs }),
    ...(belowMs !== undefined && { belowMs }),
    problems: given.get('only') === 'problems',
    ...(given.get('only') === 'failures' && { failures: true }),
    ...(scale !== undefined && { scale }),
  };
}

function latencyFrom(text: string | null): number | undefined {
  const ms = Number(text || Number.NaN);
  return Number.isFinite(ms) && ms >= 0 ? ms : undefined;
}
