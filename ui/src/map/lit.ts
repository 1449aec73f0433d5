import type { Lit } from './draw-scene.ts';
import type { Scene } from './scene.ts';

/** What is picked out when a service or a dependency is open: it, and what it touches. */
export function litBy(scene: Scene, id: string | undefined): Lit | undefined {
  if (id === undefined) return undefined;
  const edges = scene.edges.filter((one) => one.id === id || one.from.id === id || one.to.id === id);
  if (edges.length === 0 && !scene.nodeOf.has(id)) return undefined;
  const nodes = new Set(edges.flatMap((one) => [one.from.id, one.to.id]));
  if (scene.nodeOf.has(id)) nodes.add(id);
  return { nodes, edges: new Set(edges.map((one) => one.id)), selected: id };
}
