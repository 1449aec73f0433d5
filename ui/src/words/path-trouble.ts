import type { LocationPath } from '@netring/contract/path';
import { targetKey, type Picture, type TargetKind } from '../live/picture.ts';
import { degradedWords } from './degraded.ts';
import { listed, type Phrase } from './phrase.ts';
import { summaryOf } from './source-summary.ts';
import type { Trouble } from './trouble.ts';

/** What is wrong with paths. Paths that fail together are told together. */
export function pathTroubles(picture: Picture): Trouble[] {
  const summaries = [...picture.paths.values()].map(summaryOf);
  return [
    ...downTroubles(
      picture.paths,
      summaries.flatMap(({ down }) => down),
    ),
    ...summaries.flatMap(({ degraded }) => degraded).map(degradedTrouble),
    ...silentTroubles(summaries.flatMap(({ silent }) => silent)),
    ...unknownTroubles(summaries.flatMap(({ unknown }) => unknown)),
  ];
}

/** `us1 → eu1`. */
export function arrow(path: Pick<LocationPath, 'source' | 'target'>): Phrase[] {
  return [{ name: path.source }, ' → ', { name: path.target }];
}

function single(severity: 'bad' | 'warn', path: LocationPath, says: string): Trouble {
  return {
    severity,
    key: `${severity} ${pathKey(path)}${says}`,
    text: [...arrow(path), says],
    ...sinceOf([path]),
    ...whyOf(path),
    pair: { source: path.source, kind: path.target_kind, target: path.target },
    about: aboutOf([path]),
  };
}

function degradedTrouble(path: LocationPath): Trouble {
  const { kind, says } = degradedWords(path);
  return { ...single('warn', path, says), key: `warn ${pathKey(path)} ${kind}` };
}

function aboutOf(paths: readonly LocationPath[]): Trouble['about'] {
  return paths.map(({ source, target }) => ({ source, target }));
}

function downTroubles(all: Picture['paths'], downPaths: readonly LocationPath[]): Trouble[] {
  if (downPaths.length === 0) return [];
  const total = [...all.values()].reduce((sum, { size }) => sum + size, 0);
  if (downPaths.length > 2 && downPaths.length === total) {
    return [together(downPaths, [`All ${total} paths are down`])];
  }
  const down = new Set(downPaths);
  return [
    ...cutOff(all, down),
    ...unreached(all, down),
    ...bothWays(down),
    ...[...down].map((path) => single('bad', path, ' is down')),
  ];
}

/** Locations of which every path, from and to at least two others, is down. What is told is taken out of `down`. */
function cutOff(all: Picture['paths'], down: Set<LocationPath>): Trouble[] {
  const found: Trouble[] = [];
  for (const [name, failed] of grouped([...down], ends)) {
    const own = [...(all.get(name)?.values() ?? [])];
    const touching = [...own, ...arrivingAt(all, 'member', name).filter(({ source }) => source !== name)];
    if (failed.length < touching.length || !touching.every((path) => down.has(path))) continue;
    if (others(touching, name) < 2) continue;
    const says = ` is cut off: all ${touching.length} paths from and to it are down`;
    found.push({ ...together(take(down, touching), [{ name }, says]), at: name });
  }
  return found;
}

/** Targets to which every path is down. */
function unreached(all: Picture['paths'], down: Set<LocationPath>): Trouble[] {
  const found: Trouble[] = [];
  for (const failed of grouped([...down], targetOf).values()) {
    const [first] = failed;
    if (first === undefined || failed.length < 2) continue;
    const arriving = arrivingAt(all, first.target_kind, first.target);
    if (!arriving.every((path) => down.has(path))) continue;
    const says = `: all ${arriving.length} paths to it are down`;
    const text = ['Nothing reaches ', { name: first.target }, says];
    found.push({ ...together(take(down, arriving), text), ...placeOf(first) });
  }
  return found;
}

function arrivingAt(all: Picture['paths'], kind: TargetKind, target: string): LocationPath[] {
  const key = targetKey(kind, target);
  const arriving: LocationPath[] = [];
  for (const ofSource of all.values()) {
    const path = ofSource.get(key);
    if (path !== undefined) arriving.push(path);
  }
  return arriving;
}

/** Location pairs of which both directions are down. */
function bothWays(down: Set<LocationPath>): Trouble[] {
  const bySource = new Map([...down].map((path) => [pathKey(path), path]));
  const found: Trouble[] = [];
  for (const path of down) {
    const back = bySource.get(JSON.stringify([path.target, 'member', path.source]));
    if (back === undefined || back === path || !down.has(back) || path.target_kind !== 'member') continue;
    const text = [{ name: path.source }, ' ⇄ ', { name: path.target }, ' is down both ways'];
    const both = take(down, [path, back]);
    const one = single('bad', path, ' is down both ways');
    found.push({ ...one, ...sinceOf(both), text, about: aboutOf(both) });
  }
  return found;
}

function together(paths: readonly LocationPath[], text: Phrase[]): Trouble {
  const [first] = paths;
  return {
    severity: 'bad',
    key: `bad ${JSON.stringify(text)}`,
    text,
    ...sinceOf(paths),
    ...whyOf(first),
    about: aboutOf(paths),
  };
}

/** A path that is up to a far end that does not answer as it should: told once per far end. Since when is not known: the path's own time is that of its state, up. */
function silentTroubles(silent: readonly LocationPath[]): Trouble[] {
  return [...grouped(silent, targetOf)].map(([key, arriving]) => {
    const [first] = arriving;
    const target = { name: first?.target ?? '' };
    return {
      severity: 'warn',
      key: `silent ${key}`,
      text: [
        target,
        arriving.length === 1
          ? ' is reached but does not answer as it should'
          : ' is reached but answers nobody as it should',
      ],
      ...whyOf(first),
      ...(arriving.length === 1 && first && { pair: pairOf(first) }),
      ...placeOf(first),
      about: aboutOf(arriving),
    };
  });
}

function placeOf(path: LocationPath | undefined): { at?: string } {
  return path?.target_kind === 'member' ? { at: path.target } : {};
}

function unknownTroubles(unknown: readonly LocationPath[]): Trouble[] {
  if (unknown.length === 0) return [];
  const [first] = unknown;
  const text =
    unknown.length === 1
      ? ['Nothing is known of ', ...listed(unknown.map(arrow), 1)]
      : [`Nothing is known of ${unknown.length} paths: `, ...listed(unknown.map(arrow), 2)];
  return [
    {
      severity: 'unknown',
      key: `unknown ${unknown.length}`,
      text,
      ...sinceOf(unknown),
      ...whyOf(first),
      ...(unknown.length === 1 && first && { pair: pairOf(first) }),
      about: aboutOf(unknown),
    },
  ];
}

function pairOf(path: LocationPath): NonNullable<Trouble['pair']> {
  return { source: path.source, kind: path.target_kind, target: path.target };
}

function pathKey(path: LocationPath): string {
  return JSON.stringify([path.source, path.target_kind, path.target]);
}

function ends(path: LocationPath): string[] {
  return path.target_kind === 'member' && path.source !== path.target
    ? [path.source, path.target]
    : [path.source];
}

function targetOf(path: LocationPath): string[] {
  return [`${path.target_kind}:${path.target}`];
}

function others(touching: readonly LocationPath[], name: string): number {
  const far = touching.map((path) =>
    path.source === name ? `${path.target_kind}:${path.target}` : `member:${path.source}`,
  );
  return new Set(far).size;
}

function take(down: Set<LocationPath>, paths: readonly LocationPath[]): readonly LocationPath[] {
  for (const path of paths) down.delete(path);
  return paths;
}

function grouped(
  paths: readonly LocationPath[],
  keysOf: (path: LocationPath) => string[],
): Map<string, LocationPath[]> {
  const groups = new Map<string, LocationPath[]>();
  for (const path of paths) {
    for (const key of keysOf(path)) {
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [path]);
      else group.push(path);
    }
  }
  return groups;
}

function sinceOf(paths: readonly LocationPath[]): { sinceMs?: number } {
  const since = Math.min(...paths.map((path) => path.since_ms ?? Infinity));
  return Number.isFinite(since) ? { sinceMs: since } : {};
}

function whyOf(path: LocationPath | undefined): { why?: string } {
  const why = path?.reasons[0];
  return why === undefined ? {} : { why };
}
