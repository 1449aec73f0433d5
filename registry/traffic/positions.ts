import type { GraphAnswer, Position } from '@netring/contract/graph';
import { layOut } from '@netring/topology';
import { createEntered } from '../alerts/index.ts';
import type { Fold } from '../changes/index.ts';
import type { Store } from '../store/index.ts';

/** Where services stand on everybody's screen: laid out once, moved by people. Kept as what people entered is. */
export interface Positions extends Fold {
  /** Grows with every change. */
  version(): number;
  /** Of the services asked for, as far as they have one, and of all areas that people moved. */
  of(ids: Iterable<string>): Record<string, Position>;
  /** Every one that is kept, by its id. */
  all(): Record<string, Position>;
  /** Puts or (`null`) takes back some. `too_many`: there is no room for so many services. */
  put(
    store: Store,
    changes: Readonly<Record<string, Position | null>>,
  ): Promise<{ outcome: 'ok'; logId: string } | { outcome: 'too_many' }>;
  /**
   * Lays out everything anew. What people pinned stays where it is, unless it is to be released. `undefined`: there is no
   * room for so many.
   */
  tidy(store: Store, graph: GraphAnswer, releasesPinned: boolean): Promise<string | undefined>;
  /** Gives places to services that have none. The leader's duty. */
  layOut(store: Store, graph: GraphAnswer): Promise<void>;
}

interface Kept extends Position {
  id: string;
}

/** Twice as many services as a picture shows; 100 bytes each. */
export const mostPositions = 10_000;
/** Given places in one round, so that a first picture of a thousand services holds nothing up. */
const mostAtOnce = 200;

/** Before the name of a location whose whole area was moved, in pixels of the map instead of cells of its grid. */
const areaPrefix = 'area:';

export function createPositions(): Positions {
  const entered = createEntered<Kept>('positions', () => true);
  let known: Map<string, Kept> | undefined;
  let version = 0;
  const all = (): Map<string, Kept> =>
    (known ??= new Map(entered.all().map((one): [string, Kept] => [one.id, one])));

  const put: Positions['put'] = async (store, changes) => {
    const entries = Object.entries(changes);
    const added = entries.filter(([id, value]) => value !== null && !all().has(id)).length;
    if (all().size + added > mostPositions) return { outcome: 'too_many' };
    let logId = '0-0';
    for (const [id, value] of entries)
      logId = await entered.change(store, id, value === null ? undefined : { id, ...value });
    return { outcome: 'ok', logId };
  };

  return {
    async load(store) {
      await entered.load(store);
      known = undefined;
      version++;
    },
    apply(entries) {
      if (!entries.some(({ kind }) => kind === 'entered')) return;
      entered.apply(entries);
      known = undefined;
      version++;
    },
    version: () => version,
    of(ids) {
      const positions = all();
      const found: Record<string, Position> = {};
      if (positions.size === 0) return found;
      const areas = [...positions.keys()].filter((id) => id.startsWith(areaPrefix));
      for (const id of [...areas, ...ids]) {
        const one = positions.get(id);
        if (one === undefined) continue;
        found[id] = placeOf(one);
      }
      return found;
    },
    all: () => Object.fromEntries([...all()].map(([id, one]) => [id, placeOf(one)])),
    put,
    async tidy(store, graph, releasesPinned) {
      const pinned = releasesPinned ? [] : [...all()].filter(([, one]) => one.pinned === true);
      const places = placesOf(graph, new Map(pinned));
      const moved = [...places].filter(([id, { x, y }]) => {
        const before = all().get(id);
        return before?.x !== x || before.y !== y || (releasesPinned && before.pinned === true);
      });
      const done = await put(store, Object.fromEntries(moved));
      return done.outcome === 'ok' ? done.logId : undefined;
    },
    async layOut(store, graph) {
      const services = Object.values(graph.services);
      const waiting = services.filter((one) => !all().has(one.service_id));
      if (waiting.length === 0) return;
      const places = placesOf(graph, all());
      const made = waiting.slice(0, mostAtOnce).flatMap(({ service_id: id }): [string, Position][] => {
        const place = places.get(id);
        return place === undefined ? [] : [[id, place]];
      });
      if ((await put(store, Object.fromEntries(made))).outcome === 'too_many') await makeRoom(store, graph);
    },
  };

  /** Places that nobody pinned, of services that are not there any more. */
  async function makeRoom(store: Store, graph: GraphAnswer): Promise<void> {
    const unused = [...all().values()].filter(
      (one) => one.pinned !== true && !Object.hasOwn(graph.services, one.id),
    );
    for (const { id } of unused.slice(0, mostAtOnce)) await entered.change(store, id, undefined);
  }
}

function placeOf({ x, y, pinned }: Kept): Position {
  return { x, y, ...(pinned !== undefined && { pinned }) };
}

function placesOf(graph: GraphAnswer, kept: ReadonlyMap<string, Position>): Map<string, Position> {
  const services = Object.values(graph.services);
  const nodes = services.map((one) => ({ id: one.service_id, area: one.location ?? '' }));
  const edges = graph.dependencies.map((one) => ({ source: one.source_service, target: one.target_service }));
  return layOut(nodes, edges, kept);
}
