import type { Edge, Node, Scene } from './scene.ts';

/** How a picture differs from the one that is on the screen. */
export type Difference =
  /** Some look otherwise, none stands elsewhere. */
  | { kind: 'looks' }
  /** Some came; everything else stands where it stood. */
  | { kind: 'more'; nodes: Node[]; edges: Edge[] }
  /** Some went, or stand elsewhere. */
  | { kind: 'other' };

export function differenceOf(before: Scene, now: Scene): Difference {
  if (before === now) return { kind: 'looks' };
  const nodes: Node[] = [];
  for (const one of now.nodes) {
    const was = before.nodeOf.get(one.id);
    if (was === undefined) nodes.push(one);
    else if (was !== one && (was.x !== one.x || was.y !== one.y || was.width !== one.width))
      return { kind: 'other' };
  }
  const edges = now.edges.filter(({ id }) => !before.edgeOf.has(id));
  const isLess =
    now.nodes.length - nodes.length < before.nodes.length ||
    now.edges.length - edges.length < before.edges.length;
  if (isLess || !isSameGround(before, now)) return { kind: 'other' };
  return nodes.length + edges.length === 0 ? { kind: 'looks' } : { kind: 'more', nodes, edges };
}

function isSameGround(before: Scene, now: Scene): boolean {
  const boxes = ({ areas, hosts }: Scene): string =>
    [...areas, ...hosts].map(({ x, y, width, height }) => `${x} ${y} ${width} ${height}`).join();
  return boxes(before) === boxes(now);
}
