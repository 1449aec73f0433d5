import type { GraphService } from '@netring/contract/graph';
import { activityOf } from '@netring/topology';
import { drawService, endpointsOf, type Edge, type Surrounded } from '../drawing/index.ts';
import type { GraphNode } from '../join/index.ts';

/** The services that dependencies are between. Each is another object only when anything of it is. */
export interface ServiceBook {
  /** @param nodeOf what is known of a node now; of one that nobody knows any more what an edge says */
  look(edges: readonly Edge[], nodeOf: (id: string) => GraphNode | undefined, nowMs: number): void;
  all(): GraphService[];
}

interface Entry {
  around: Surrounded;
  /** Listening places: what those that call it go by, too. */
  endpoints: number;
  service: GraphService;
  lastSeenMs: number;
}

export function createServiceBook(): ServiceBook {
  let entries = new Map<string, Entry>();
  const nodes = new Map<string, { given: GraphNode; kept: GraphNode }>();

  return {
    all: () => [...entries.values()].map(({ service }) => service),
    look(edges, nodeOf, nowMs) {
      const around = new Map<string, Surrounded>();
      const of = (node: GraphNode): Surrounded => {
        const known = around.get(node.id);
        if (known !== undefined) return known;
        const made = { node: kept(nodeOf(node.id) ?? node), inbound: [], outbound: [] };
        around.set(node.id, made);
        return made;
      };
      for (const edge of edges) {
        of(edge.source).outbound.push(edge);
        of(edge.target).inbound.push(edge);
      }
      for (const id of nodes.keys()) if (!around.has(id)) nodes.delete(id);
      const counts = new Map<string, number>();
      const isOther = new Set<string>();
      for (const [id, one] of around) {
        const before = entries.get(id);
        const isInbound = before !== undefined && sameAround(before.around, one, 'inbound');
        const endpoints = isInbound ? before.endpoints : endpointsOf(one.node, one.inbound).length;
        counts.set(id, endpoints);
        if (before?.endpoints !== endpoints) isOther.add(id);
      }
      const drawn = new Map<string, Entry>();
      for (const [id, one] of around) drawn.set(id, entryOf(one, entries.get(id)));
      entries = drawn;

      function entryOf(one: Surrounded, before: Entry | undefined): Entry {
        const endpoints = counts.get(one.node.id) ?? 0;
        const isSame =
          before !== undefined &&
          before.service.activity === activityOf(before.lastSeenMs, nowMs) &&
          sameAround(before.around, one, 'inbound') &&
          sameAround(before.around, one, 'outbound') &&
          !one.outbound.some(({ target }) => isOther.has(target.id));
        if (isSame) return { ...before, around: one };
        const service = drawService(one, (id) => counts.get(id) ?? 0, nowMs);
        const all = [...one.inbound, ...one.outbound];
        const lastSeenMs = all.reduce((last, edge) => Math.max(last, edge.lastSeenMs), -Infinity);
        return { around: one, endpoints, service, lastSeenMs };
      }
    },
  };

  /** The node as it was where nothing is known of it that was not known before. */
  function kept(given: GraphNode): GraphNode {
    const known = nodes.get(given.id);
    if (known?.given === given) return known.kept;
    const isSame = known !== undefined && JSON.stringify(known.kept) === JSON.stringify(given);
    const node = isSame ? known.kept : given;
    nodes.set(given.id, { given, kept: node });
    return node;
  }
}

/** Whether a service is what it was, among dependencies that count what they did. */
function sameAround(a: Surrounded, b: Surrounded, side: 'inbound' | 'outbound'): boolean {
  if (a.node !== b.node || a[side].length !== b[side].length) return false;
  return a[side].every((edge, at) => {
    const other = b[side][at];
    return other !== undefined && edge.counted === other.counted && edge.firstSeenMs === other.firstSeenMs;
  });
}
