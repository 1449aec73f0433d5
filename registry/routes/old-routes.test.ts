import { createLogger } from '@netring/service/log';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { appended, createStoreClock, follow, type Follower } from '../changes/index.ts';
import { createDirectory } from '../membership/index.ts';
import { openStore, type Store } from '../store/index.ts';
import { forgetOldRoutes } from './old-routes.ts';
import type { PathRoutes } from './path-routes.ts';
import { createRouteBook, routesGroup, type RouteBook, type TraceChange } from './route-book.ts';

const minuteMs = 60_000;
const nowMs = 100 * minuteMs;

let store: Store;
const followers: Follower[] = [];
beforeEach(async () => {
  store = await openStore({ kind: 'embedded', folder: undefined });
});
afterEach(async () => {
  for (const one of followers.splice(0)) await one.stop();
  await store.close();
});

async function replica(): Promise<RouteBook> {
  const book = createRouteBook(createDirectory(300_000, false));
  const follower = follow(
    store,
    createStoreClock(),
    [book],
    createLogger('registry', 'error'),
    () => undefined,
  );
  followers.push(follower);
  await expect.poll(() => follower.ready(), { timeout: 60_000 }).toBe(true);
  return book;
}

/** A trace of a path that came `ageMs` ago. */
async function traced(source: string, target: string, ageMs: number): Promise<void> {
  const latest = { id: `${source}${target}${ageMs}`, source, target, at_ms: nowMs - ageMs, hops: [] };
  const routes = { latest, changes: [], taken: [latest.id] } as unknown as PathRoutes;
  const change: TraceChange = { kind: 'trace', source, target, id: latest.id };
  const put = [{ group: routesGroup(source), key: target, value: JSON.stringify(routes) }];
  await store.commit({ put, append: appended(change) });
}

const pathsOf = (book: RouteBook) => [...book.all()].map(({ source, target }) => `${source}${target}`).sort();
const settled = (book: RouteBook, paths: string[]) =>
  expect.poll(() => pathsOf(book), { timeout: 60_000 }).toEqual(paths);

test('routes of paths that nobody measures any more go, on all replicas and from the store', async () => {
  const [leader, other] = [await replica(), await replica()];
  await traced('a', 'b', 60 * minuteMs);
  await traced('a', 'c', 60 * minuteMs);
  await traced('a', 'd', 5 * minuteMs);
  await traced('b', 'c', 60 * minuteMs);
  for (const book of [leader, other]) await settled(book, ['ab', 'ac', 'ad', 'bc']);
  await forgetOldRoutes(store, leader, (source, target) => source === 'a' && target === 'b', nowMs);
  for (const book of [leader, other]) await settled(book, ['ab', 'ad']);
  expect([...(await store.table.list(routesGroup('a'))).keys()].sort()).toEqual(['b', 'd']);
  expect(await store.table.list(routesGroup('b'))).toEqual(new Map());
});

test('a route that the store holds no longer goes, one that was traced again stays', async () => {
  const [leader, other] = [await replica(), await replica()];
  await traced('a', 'b', 60 * minuteMs);
  await traced('a', 'c', 60 * minuteMs);
  for (const book of [leader, other]) await settled(book, ['ab', 'ac']);
  await store.table.delete(routesGroup('a'), ['b']);
  // By another replica, whose word the leader has not heard yet.
  const again = { latest: { id: 'again', at_ms: nowMs }, changes: [], taken: ['again'] };
  await store.table.put(routesGroup('a'), 'c', JSON.stringify(again));
  await forgetOldRoutes(store, leader, () => false, nowMs);
  for (const book of [leader, other]) await settled(book, ['ac']);
  expect([...(await store.table.list(routesGroup('a'))).keys()]).toEqual(['c']);
});
