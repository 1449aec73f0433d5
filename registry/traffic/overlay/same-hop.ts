import type { GraphDependency } from '@netring/contract/graph';

/** The part of a dependency that says which hop its path suffers from. */
type Crossing = Pick<GraphDependency, 'id' | 'path'>;

/** A hop that is the worst step under several dependencies. */
export interface SharedHop {
  hop_ip: string;
  /** Ids of the dependencies, in the order given. */
  dependencies: string[];
}

/** Who else crosses the worst step of this dependency's path: ids of the others whose worst step is the same router. */
export function othersOnHop(dependency: Crossing, all: Iterable<Crossing>): string[] {
  const ip = dependency.path.worst_step?.ip;
  if (ip === undefined) return [];
  return [...all]
    .filter((one) => one.id !== dependency.id && one.path.worst_step?.ip === ip)
    .map(({ id }) => id);
}

/** All hops that are the worst step under two dependencies at least, the most shared first. */
export function sharedHops(all: Iterable<Crossing>): SharedHop[] {
  const byHop = new Map<string, string[]>();
  for (const { id, path } of all) {
    const ip = path.worst_step?.ip;
    if (ip === undefined) continue;
    const ids = byHop.get(ip);
    if (ids === undefined) byHop.set(ip, [id]);
    else ids.push(id);
  }
  return [...byHop]
    .filter(([, dependencies]) => dependencies.length > 1)
    .map(([hop_ip, dependencies]) => ({ hop_ip, dependencies }))
    .sort((a, b) => b.dependencies.length - a.dependencies.length || (a.hop_ip < b.hop_ip ? -1 : 1));
}
