import type { MemberView } from '@netring/contract/member';
import type { LocationPath } from '@netring/contract/path';
import { targetKey, type PathsOfSource, type Picture, type TargetKind } from '../live/picture.ts';
import { byName } from '../words/by-name.ts';
import { cellOf, emptyCell, type Cell, type View } from './cell.ts';

export interface Column {
  /** `targetKey` of this target. */
  key: string;
  kind: TargetKind;
  name: string;
}

/** One source location with a cell per column. */
export interface Row {
  name: string;
  cells: readonly Cell[];
  /** When the clock alone will change some cell, in epoch milliseconds. */
  changesAtMs: number;
  /** What the row was rolled from: unchanged means it need not be rolled again. */
  paths: PathsOfSource | undefined;
}

/** How much fits into a cell: all of it, little, or only a mark without text. */
export type Density = 'roomy' | 'snug' | 'dense';

export interface Matrix {
  view: View;
  columns: readonly Column[];
  rows: readonly Row[];
  /** Locations left out because all their members are hidden. */
  hidden: number;
  /** The alerts it was rolled with. */
  alarms: Alarms;
}

/** The sentence of the alert that fires on a location path and concerns the view, by `alarmKey`. */
export type Alarms = ReadonlyMap<string, string>;

export const noAlarms: Alarms = new Map();

/** Names a pair of locations. */
export function alarmKey(source: string, target: string): string {
  return JSON.stringify([source, target]);
}

/** How much fits into the cells of a matrix with so many columns. */
export function densityOf(columns: number): Density {
  if (columns <= 8) return 'roomy';
  return columns <= 22 ? 'snug' : 'dense';
}

/**
 * Rolls the paths into rows and columns at `nowMs` (epoch milliseconds): locations first, external targets after them. Rows and cells of `previous` are
 * taken over as they are when neither their facts nor their ages changed; `previous` itself when nothing did.
 */
export function rollMatrix(
  picture: Picture,
  view: View,
  nowMs: number,
  hides: (member: MemberView) => boolean,
  previous?: Matrix,
  alarms: Alarms = noAlarms,
): Matrix {
  const { locations, hidden } = locationsOf(picture, hides);
  const fresh = [...locations.map((name) => column('member', name)), ...externalColumns(picture, locations)];
  const columns = sameColumns(previous?.columns, fresh) ? previous.columns : fresh;
  const reusable =
    previous?.view === view && previous.columns === columns && previous.alarms === alarms
      ? previous
      : undefined;
  const before = new Map(reusable?.rows.map((row) => [row.name, row]));
  const rows = locations.map((name) =>
    rollRow(name, columns, picture.paths.get(name), { view, nowMs, alarms }, before.get(name)),
  );
  const same = reusable?.hidden === hidden && sameRows(reusable.rows, rows);
  return same ? reusable : { view, columns, rows, hidden, alarms };
}

function rollRow(
  name: string,
  columns: readonly Column[],
  paths: PathsOfSource | undefined,
  { view, nowMs, alarms }: { view: View; nowMs: number; alarms: Alarms },
  before: Row | undefined,
): Row {
  if (before !== undefined && before.paths === paths && nowMs < before.changesAtMs) return before;
  let changesAtMs = Infinity;
  const newCell = (path: LocationPath | undefined, target: string): Cell => {
    if (path === undefined) return emptyCell(name, target);
    const known = alarms.size > 0 && path.target_kind === 'member';
    const alarm = known ? alarms.get(alarmKey(name, target)) : undefined;
    return cellOf(path, view, nowMs, alarm);
  };
  const cells = columns.map(({ key, name: target }, index) => {
    const path = paths?.get(key);
    const known = before?.cells[index];
    const fresh = known !== undefined && known.path === path && nowMs < known.changesAtMs;
    const cell = fresh ? known : newCell(path, target);
    changesAtMs = Math.min(changesAtMs, cell.changesAtMs);
    return cell;
  });
  return { name, cells, changesAtMs, paths };
}

function column(kind: TargetKind, name: string): Column {
  return { key: targetKey(kind, name), kind, name };
}

function sameColumns(one: readonly Column[] | undefined, other: readonly Column[]): one is readonly Column[] {
  return one?.length === other.length && one.every((each, index) => each.key === other[index]?.key);
}

function sameRows(one: readonly Row[], other: readonly Row[]): boolean {
  return one.length === other.length && one.every((row, index) => row === other[index]);
}

/** Every location that a path or a member names, unless all its members are hidden or have said goodbye. */
function locationsOf(
  picture: Picture,
  hides: (member: MemberView) => boolean,
): { locations: string[]; hidden: number } {
  const all = new Set(picture.paths.keys());
  for (const ofSource of picture.paths.values()) {
    for (const name of targetsOf(ofSource).member) all.add(name);
  }
  const shown = new Set<string>();
  const away = new Set<string>();
  for (const member of picture.members.values()) {
    if (member.status !== 'deregistered') all.add(member.location);
    (hides(member) ? away : shown).add(member.location);
  }
  const kept = [...all].filter((name) => shown.has(name) || !away.has(name));
  return { locations: kept.sort(byName), hidden: all.size - kept.length };
}

function externalColumns(picture: Picture, locations: readonly string[]): Column[] {
  const names = new Set<string>();
  for (const source of locations) {
    const paths = picture.paths.get(source);
    for (const name of paths === undefined ? [] : targetsOf(paths).external) names.add(name);
  }
  return [...names].sort(byName).map((name) => column('external', name));
}

/** The paths of a source never change in place: of ten thousand paths only those of changed sources are looked at. */
const knownTargets = new WeakMap<PathsOfSource, Record<TargetKind, readonly string[]>>();

function targetsOf(paths: PathsOfSource): Record<TargetKind, readonly string[]> {
  const known = knownTargets.get(paths);
  if (known !== undefined) return known;
  const targets: Record<TargetKind, string[]> = { member: [], external: [] };
  for (const { target_kind: kind, target } of paths.values()) targets[kind].push(target);
  knownTargets.set(paths, targets);
  return targets;
}
