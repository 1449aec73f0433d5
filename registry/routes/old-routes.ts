import { appended } from '../changes/index.ts';
import type { Store } from '../store/index.ts';
import type { PathRoutes } from './path-routes.ts';
import { routesGroup, type RouteBook, type RoutesGoneChange } from './route-book.ts';

/** As long as the results of a path are kept after it was measured last. */
const keptMs = 15 * 60_000;
/** Routes of one commit: some ten kilobytes each. */
const routesAtOnce = 50;

/**
 * Removes the routes of paths that are neither planned nor were measured lately, and tells all replicas: as the plan
 * moves on there would be some of every pair of members. For the leader alone.
 */
export async function forgetOldRoutes(
  store: Store,
  book: RouteBook,
  isThere: (source: string, target: string) => boolean,
  nowMs: number,
): Promise<void> {
  const bySource = new Map<string, { target: string; text: string }[]>();
  for (const { source, target, text, routes } of book.all()) {
    if (tracedAtMs(routes) > nowMs - keptMs || isThere(source, target)) continue;
    bySource.set(source, [...(bySource.get(source) ?? []), { target, text }]);
  }
  for (const [source, old] of bySource) {
    for (let at = 0; at < old.length; at += routesAtOnce)
      await forget(store, source, old.slice(at, at + routesAtOnce));
  }
}

async function forget(
  store: Store,
  source: string,
  old: readonly { target: string; text: string }[],
): Promise<void> {
  const group = routesGroup(source);
  const found = await store.table.getMany(old.map(({ target }) => ({ group, key: target })));
  const still = old
    .map(({ target, text }, at) => ({ target, text, equals: found[at]?.toString() }))
    // Others have just been traced.
    .filter(({ text, equals }) => equals === undefined || equals === text);
  if (still.length === 0) return;
  const targets = still.map(({ target }) => target);
  const change: RoutesGoneChange = { kind: 'routes_gone', source, targets };
  // Refused: one was traced in this very moment; they go the next time.
  await store.commit({
    require: still.map(({ target, equals }) => ({ group, key: target, equals })),
    remove: targets.map((key) => ({ group, key })),
    append: appended(change),
  });
}

function tracedAtMs({ latest, voided }: PathRoutes): number {
  return Math.max(latest?.at_ms ?? 0, voided?.at_ms ?? 0);
}
