import type { Lit } from './look.ts';
import type { Scene } from './scene.ts';

/** What is picked out when a service or a dependency is open: it, and what it touches. */
export function litBy(scene: Scene, id: string | undefined): Lit | undefined {
  if (id === undefined) return undefined;
  const edges = scene.edges.filter(
    (one) =>
      one.from.service === id ||
      one.to.service === id ||
      one.dependencies.some(({ id: dependency }) => dependency === id),
  );
  const own = scene.nodes.filter(({ service }) => service === id);
  if (edges.length === 0 && own.length === 0) return undefined;
  const nodes = new Set([...edges.flatMap((one) => [one.from.id, one.to.id]), ...own.map((one) => one.id)]);
  return { nodes, edges: new Set(edges.map((one) => one.id)), selected: id };
}
