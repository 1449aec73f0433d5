import type { GraphDependency, GraphService } from '@netring/contract/graph';
import type { MapAddress } from '../address/address-bar.ts';
import { markedScene } from '../time/marked-scene.ts';
import type { PastGraph } from '../time/past-graph.svelte.ts';
import { noPlaces, withChosen, type Places } from './arrange.ts';
import type { ServiceGraph } from './graph.ts';
import { levelOf } from './level.ts';
import type { LiveGraph } from './live-graph.svelte.ts';
import { isEverything, narrowed } from './narrow.ts';
import { sceneOf, type Scene } from './scene.ts';
import { createStill } from './still.ts';

/** What the map shows, for components. */
export interface ShownMap {
  /** The live graph, or that of the time that is asked for. */
  readonly graph: ServiceGraph | undefined;
  /** What a narrowing leaves of it. */
  readonly shown: { services: GraphService[]; dependencies: GraphDependency[] } | undefined;
  readonly scene: Scene | undefined;
  /** Where everything stands, with what was moved here and is on its way to everybody. */
  readonly placed: Places;
}

interface Wanted {
  page: () => MapAddress;
  live: LiveGraph;
  past: PastGraph;
  /** Places that were chosen here. */
  chosen: () => Places;
  /** Whether the screen is higher than wide. */
  isTall: () => boolean;
}

/** Lays out what is asked for. To be called by a component as it begins. */
export function showMap({ page, live, past, chosen, isTall }: Wanted): ShownMap {
  const graph = $derived(past.graph ?? live.graph);
  const narrowing = $derived(page().narrowing);
  const shown = $derived(graph === undefined ? undefined : narrowed(graph, narrowing));
  /** Another picture was asked for: it may stand otherwise. */
  const asked = $derived.by(() => {
    const { level, levels, unfolded } = page();
    return JSON.stringify([narrowing, level, levels, unfolded, isTall()]);
  });
  const still = $derived.by(() => {
    void asked;
    return createStill();
  });
  const placed = $derived(withChosen(graph?.positions ?? noPlaces, chosen()));
  const scene = $derived.by(() => {
    if (shown === undefined) return undefined;
    const now = page();
    const plain = sceneOf(shown.services, shown.dependencies, placed, {
      levelOf: (location) => levelOf(now, location),
      unfolded: now.unfolded || past.comparison !== undefined,
      isPart: !isEverything(now.narrowing),
      isTall: isTall(),
      still,
    });
    return past.comparison === undefined ? plain : markedScene(plain, past.comparison);
  });
  return {
    get graph() {
      return graph;
    },
    get shown() {
      return shown;
    },
    get scene() {
      return scene;
    },
    get placed() {
      return placed;
    },
  };
}
