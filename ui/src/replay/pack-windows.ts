import type { GraphAnswer, GraphDependency, GraphService } from '@netring/contract/graph';

/** What of a thing is otherwise than in the window that was packed before; `null`: that field is no more. */
type Patch = readonly [id: string, fields: Record<string, unknown>];

/** Things by id, told by what differs from the window before. */
interface PackedThings {
  /** New, changed, or back. */
  patches: Patch[];
  /** In the window before, and not in this one. */
  out: string[];
}

/** One window of the service graph, told by what differs from the one that was packed before it. */
export interface PackedWindow {
  now_ms: number;
  timestamp: string;
  metadata: GraphAnswer['metadata'];
  services: PackedThings;
  dependencies: PackedThings;
}

/** The parts of an answer that change from window to window. */
export type WindowOfGraph = Pick<
  GraphAnswer,
  'now_ms' | 'timestamp' | 'metadata' | 'services' | 'dependencies'
>;

type Thing = Record<string, unknown>;

/** Packs windows one after the other; they must be unpacked in the same order. */
export function createPacker(): (window: WindowOfGraph) => PackedWindow {
  const [services, dependencies] = [packThings(), packThings()];
  return ({ now_ms, timestamp, metadata, ...rest }) => ({
    now_ms,
    timestamp,
    metadata,
    services: services(Object.entries(rest.services)),
    dependencies: dependencies(rest.dependencies.map((one) => [one.id, one])),
  });
}

/** Unpacks windows in the order in which they were packed. What did not change is the same object in both. */
export function createUnpacker(): (packed: PackedWindow) => WindowOfGraph {
  const [services, dependencies] = [unpackThings(), unpackThings()];
  return ({ now_ms, timestamp, metadata, ...rest }) => ({
    now_ms,
    timestamp,
    metadata,
    services: Object.fromEntries(services(rest.services) as Iterable<[string, GraphService]>),
    dependencies: [...dependencies(rest.dependencies).values()] as unknown as GraphDependency[],
  });
}

function packThings(): (things: Iterable<readonly [string, object]>) => PackedThings {
  const known = new Map<string, Thing>();
  let present = new Set<string>();
  return (things) => {
    const patches: Patch[] = [];
    const now = new Set<string>();
    for (const [id, one] of things) {
      const thing = one as Thing;
      now.add(id);
      const fields = difference(known.get(id) ?? {}, thing);
      if (!present.has(id) || Object.keys(fields).length > 0) patches.push([id, fields]);
      known.set(id, thing);
    }
    const out = [...present].filter((id) => !now.has(id));
    present = now;
    return { patches, out };
  };
}

function unpackThings(): (packed: PackedThings) => Map<string, Thing> {
  const known = new Map<string, Thing>();
  let present = new Map<string, Thing>();
  return ({ patches, out }) => {
    const now = new Map(present);
    for (const id of out) now.delete(id);
    for (const [id, fields] of patches) {
      const kept = Object.entries({ ...known.get(id), ...fields }).filter(([, value]) => value !== null);
      const thing = Object.fromEntries(kept);
      known.set(id, thing);
      now.set(id, thing);
    }
    present = now;
    return now;
  };
}

function difference(before: Thing, now: Thing): Thing {
  const changed = Object.entries(now).filter(
    ([key, value]) => value !== undefined && JSON.stringify(before[key]) !== JSON.stringify(value),
  );
  const gone = Object.keys(before).filter((key) => now[key] === undefined && before[key] !== undefined);
  return Object.fromEntries([...changed, ...gone.map((key) => [key, null] as const)]);
}
