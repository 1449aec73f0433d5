import {
  linkMetricNames,
  type LinkMetrics,
  type LinkPush,
  type PushedLink,
  type PushedMetrics,
  type PushedNode,
} from '@netring/contract/link';
import { appended, type ChangeEntry, type Fold } from '../../changes/index.ts';
import type { Store } from '../../store/index.ts';
import { pushedLinkId } from './ids.ts';
import { incidentWindowMs, noIncidents, noteTrouble, type IncidentMemory } from './incident-memory.ts';
import { addAt, newHalves, sampleOf, type Halves } from './metric-sum.ts';

/** A link that an application told of, as it stands in the store. */
export interface HeldLink {
  id: string;
  link: Omit<PushedLink, 'up' | 'down'>;
  closures: number;
  halves: Halves;
  incidents: IncidentMemory;
  /** When it was told of last. */
  atMs: number;
}

export interface HeldNode {
  node: PushedNode;
  atMs: number;
}

/** Links that applications told of, the fold of what was put into the store. */
export interface PushedBook extends Fold {
  links(nowMs: number): HeldLink[];
  nodes(nowMs: number): HeldNode[];
  /** Keeps what was pushed, for all replicas; the ids of the links, or `full` when there is no room. */
  push(store: Store, push: LinkPush, nowMs: number): Promise<{ ids: string[] } | 'full'>;
}

/** Two kilobytes each; an application that has more peers tells of those that matter. */
const mostLinks = 2_000;
const mostNodes = 1_000;
/** What is not told of again for so long is not there any more. */
const keptMs = 15 * 60_000;
/** Not told of for so long: not known to be open. */
export const pushedOpenMs = 60_000;
const group = 'pushed-links';
const linkPrefix = 'l:';
const nodePrefix = 'n:';

interface PushedChange extends ChangeEntry {
  kind: 'pushed_links';
  keys: string[];
}

export function createPushedBook(): PushedBook {
  const links = new Map<string, HeldLink>();
  const nodes = new Map<string, HeldNode>();

  return {
    async load(store) {
      links.clear();
      nodes.clear();
      for (const [key, value] of await store.table.list(group)) hold(key, value);
    },
    async apply(entries, store) {
      const keys = [...new Set(entries.filter(isOurs).flatMap((entry) => entry.keys))];
      if (keys.length === 0) return;
      const values = await store.table.getMany(keys.map((key) => ({ group, key })));
      keys.forEach((key, at) => hold(key, values[at]));
    },
    links: (nowMs) => [...links.values()].filter(({ atMs }) => nowMs - atMs <= keptMs),
    nodes: (nowMs) => [...nodes.values()].filter(({ atMs }) => nowMs - atMs <= keptMs),
    async push(store, push, nowMs) {
      const gone = expired(nowMs);
      const next = push.links.map((one) => nextOf(one, nowMs));
      const linksAfter = new Set([...links.keys(), ...next.map(({ id }) => id)]);
      const nodesAfter = new Set([...nodes.keys(), ...push.nodes.map(({ name }) => name)]);
      for (const key of gone) {
        const id = key.slice(linkPrefix.length);
        if (key.startsWith(linkPrefix) && !next.some((one) => one.id === id)) linksAfter.delete(id);
        if (key.startsWith(nodePrefix)) nodesAfter.delete(id);
      }
      if (linksAfter.size > mostLinks || nodesAfter.size > mostNodes) return 'full';
      const put = [
        ...next.map((one) => ({ group, key: `${linkPrefix}${one.id}`, value: JSON.stringify(one) })),
        ...push.nodes.map((node) => ({
          group,
          key: `${nodePrefix}${node.name}`,
          value: JSON.stringify({ node, atMs: nowMs }),
        })),
      ];
      const keys = put.map(({ key }) => key);
      const remove = gone.filter((key) => !keys.includes(key)).map((key) => ({ group, key }));
      const change: PushedChange = { kind: 'pushed_links', keys: [...keys, ...remove.map(({ key }) => key)] };
      await store.commit({
        put: put.map((one) => ({ ...one, ttlMs: 2 * keptMs })),
        remove,
        append: appended(change),
      });
      // Seen here at once: an application's next sample may come before the log does.
      for (const { key, value } of put) hold(key, Buffer.from(value));
      return { ids: next.map(({ id }) => id) };
    },
  };

  function hold(key: string, value: Buffer | undefined): void {
    const id = key.slice(linkPrefix.length);
    const held: Map<string, unknown> = key.startsWith(linkPrefix) ? links : nodes;
    if (value === undefined) held.delete(id);
    else held.set(id, JSON.parse(value.toString('utf8')));
  }

  function expired(nowMs: number): string[] {
    const isOld = ([, { atMs }]: [string, { atMs: number }]) => nowMs - atMs > keptMs;
    return [
      ...[...links].filter(isOld).map(([id]) => `${linkPrefix}${id}`),
      ...[...nodes].filter(isOld).map(([id]) => `${nodePrefix}${id}`),
    ];
  }

  function nextOf({ up, down, ...about }: PushedLink, nowMs: number): HeldLink {
    const id = pushedLinkId(about.active, about.passive, about.role);
    const before = links.get(id);
    const wasOpen = before?.link.is_open === true && nowMs - before.atMs <= pushedOpenMs;
    const counted = (before?.closures ?? 0) + (before !== undefined && !about.is_open && wasOpen ? 1 : 0);
    const incidents = structuredClone(before?.incidents ?? noIncidents());
    if (about.incident !== undefined)
      noteTrouble(incidents, Math.floor(nowMs / incidentWindowMs) * incidentWindowMs, about.incident);
    const halves = structuredClone(before?.halves ?? newHalves(nowMs));
    return {
      id,
      link: about,
      closures: about.closures ?? counted,
      halves: addAt(halves, nowMs, { up: sampled(up), down: sampled(down) }),
      incidents,
      atMs: nowMs,
    };
  }
}

function sampled(metrics: PushedMetrics): LinkMetrics {
  const all: LinkMetrics = {};
  for (const name of linkMetricNames) {
    const one = metrics[name];
    if (one !== undefined) all[name] = typeof one === 'number' ? sampleOf(one) : one;
  }
  return all;
}

function isOurs(entry: ChangeEntry): entry is PushedChange {
  return entry.kind === 'pushed_links';
}
