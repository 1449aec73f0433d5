import type { Network } from './network.ts';

/** A way on from a router: over which link, to which neighbour. */
export type NextHop = { link: number; neighbour: string };

/** For each router and each destination router, the next hops: one, or all of equal cost where the network says `ecmp`. */
export type Routes = Map<string, Map<string, NextHop[]>>;

type Edge = NextHop & { cost: number };

function edgesOf(network: Network, cut: ReadonlySet<number>): Map<string, Edge[]> {
  const edges = new Map<string, Edge[]>(network.routers.map((router) => [router.name, []]));
  network.links.forEach((link, index) => {
    if (cut.has(index)) return;
    const [a, b] = link.between;
    edges.get(a)?.push({ link: index, neighbour: b, cost: link.cost });
    edges.get(b)?.push({ link: index, neighbour: a, cost: link.cost });
  });
  return edges;
}

/** Dijkstra's costs from every router to one destination; unreachable routers are absent. */
function costsTo(destination: string, edges: Map<string, Edge[]>): Map<string, number> {
  const settled = new Map<string, number>();
  const open = new Map([[destination, 0]]);
  while (open.size > 0) {
    const [router, cost] = [...open].reduce((least, entry) => (entry[1] < least[1] ? entry : least));
    open.delete(router);
    settled.set(router, cost);
    for (const edge of edges.get(router) ?? []) {
      const through = cost + edge.cost;
      if (!settled.has(edge.neighbour) && through < (open.get(edge.neighbour) ?? Infinity)) {
        open.set(edge.neighbour, through);
      }
    }
  }
  return settled;
}

/**
 * Shortest routes between all routers. Of equal ones without `ecmp`, the link that stands first in the file wins, so
 * that the same file always gives the same routes.
 * @param cut indexes of links to avoid
 */
export function shortestRoutes(network: Network, cut: ReadonlySet<number> = new Set()): Routes {
  const edges = edgesOf(network, cut);
  const routes: Routes = new Map(
    network.routers.map((router) => [router.name, new Map<string, NextHop[]>()]),
  );
  for (const { name: destination } of network.routers) {
    const costs = costsTo(destination, edges);
    for (const [router, cost] of costs) {
      if (router === destination) continue;
      const best = (edges.get(router) ?? [])
        .filter((edge) => edge.cost + (costs.get(edge.neighbour) ?? Infinity) === cost)
        .map(({ link, neighbour }) => ({ link, neighbour }));
      routes.get(router)?.set(destination, network.ecmp ? best : best.slice(0, 1));
    }
  }
  return routes;
}
