import type { Hop } from './trace.ts';

/**
 * The routers of one route, by distance: at index 0 those of hop 1. Several at one distance are equal-cost paths. An
 * empty list is a hop that was silent, and fits every router: routers limit how often they answer.
 */
export type Route = readonly (readonly string[])[];

/** The routers that one trace met before its target; `undefined` when the target did not answer, since it might be any route then. */
export function routeOf(trace: { reached: boolean; hops: readonly Hop[] }): Route | undefined {
  if (!trace.reached) return undefined;
  return trace.hops.slice(0, -1).map((hop) => hop.answers.map(({ ip }) => ip).sort());
}

/** Whether two traces can have gone the same way: as long, and at no distance only different routers. */
export function isSameRoute(a: Route, b: Route): boolean {
  if (a.length !== b.length) return false;
  return a.every((routers, at) => {
    const others = b[at] ?? [];
    return routers.length === 0 || others.length === 0 || routers.some((ip) => others.includes(ip));
  });
}

/** Routers known at one distance at most: more than any router has equal-cost ways. */
const perHop = 16;

/** What is known of a route after another trace of it: silent hops are filled in. */
export function mergedRoute(known: Route, seen: Route): Route {
  return known.map((routers, at) => [...new Set([...routers, ...(seen[at] ?? [])])].slice(0, perHop).sort());
}

/** A short name of a route: equal for equal routers. FNV-1a twice, from two starts, since it also runs in browsers. */
export function routeId(route: Route): string {
  const text = route.map((routers) => routers.join('+') || '*').join(' ');
  return [0x811c9dc5, 0x1b873593].map((start) => hex(fnv(text, start))).join('');
}

function fnv(text: string, start: number): number {
  let hash = start;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}

function hex(value: number): string {
  return value.toString(16).padStart(8, '0');
}
