import type { Bucket } from './bucket.ts';
import type { ObservationLike } from './check-observation.ts';
import { CalleeNumbers, CallerNumbers } from './end-numbers.ts';
import type { Listener, Track } from './entries.ts';
import { firstOfRow, PairTable, secondOfRow } from './pair-table.ts';
import { RouteHint } from './route-hint.ts';

interface Route {
  readonly track: Track;
  readonly listener: Listener | undefined;
  /** Whether the path says which filter an observation falls under; else its caller has said it. */
  readonly asksPath: boolean;
}

/** About 20 MB. Beyond it everything is worked out anew. */
const mostRoutes = 100_000;

// What stands beside a route: the serial of a bucket, and twice the slot in it, plus one where the path is asked.
const serialAt = firstOfRow;
const slotAt = secondOfRow;

/**
 * Where an observation that looked like this was counted. Most traffic repeats, and asking for one answer is many times
 * cheaper than working it out again. Routes say nothing once a service, a name or a bucket has gone: then {@link clear}.
 */
export class RouteCache {
  readonly #callers = new CallerNumbers();
  readonly #callees = new CalleeNumbers();
  readonly #pairs = new PairTable<Route>();
  /** How many times everything was forgotten: a route found before is none afterwards. */
  clears = 0;

  /** A route, valid until the next one is added; -1 for none. Anything may be asked for; only what was put is found. */
  find(observation: ObservationLike): number {
    const { hint } = observation;
    // Rows are replaced when they grow and when they are forgotten: the same ones hold the same routes.
    if (hint?.rows === this.#pairs.rows) return hint.route;
    const route = this.#found(observation);
    if (route >= 0 && hint instanceof RouteHint) {
      hint.rows = this.#pairs.rows;
      hint.route = route;
    }
    return route;
  }

  #found(observation: ObservationLike): number {
    const { source, destination } = observation;
    if (typeof source !== 'object' || source === null) return -1;
    if (typeof destination !== 'object' || destination === null) return -1;
    const from = this.#callers.find(observation);
    if (from < 0) return -1;
    const to = this.#callees.find(observation);
    return to < 0 ? -1 : this.#pairs.find(from, to);
  }

  /** Whether the path says which filter an observation falls under. */
  asksPath(route: number): boolean {
    return (this.#pairs.rows[route + slotAt]! & 1) === 1;
  }

  /** The slot of a route's track in a bucket. */
  slotIn(bucket: Bucket, route: number, atMs: number): number {
    const { rows } = this.#pairs;
    if (rows[route + serialAt] !== bucket.serial) this.#enter(bucket, route, atMs);
    return rows[route + slotAt]! >> 1;
  }

  put(observation: ObservationLike, track: Track, listener: Listener | undefined, asksPath: boolean): void {
    if (this.#pairs.size >= mostRoutes) this.clear();
    const from = known(this.#callers.find(observation)) ?? this.#callers.add(observation);
    const to = known(this.#callees.find(observation)) ?? this.#callees.add(observation);
    if (this.#pairs.find(from, to) >= 0) return;
    const route = this.#pairs.add(from, to, { track, listener, asksPath });
    this.#pairs.rows[route + serialAt] = -1;
    this.#pairs.rows[route + slotAt] = asksPath ? 1 : 0;
  }

  clear(): void {
    if (this.#pairs.size === 0) return;
    this.#callers.clear();
    this.#callees.clear();
    this.#pairs.clear();
    this.clears++;
  }

  /** The first time in a bucket; that is often enough to say that a listener is there. */
  #enter(bucket: Bucket, route: number, atMs: number): void {
    const { track, listener, asksPath } = this.#pairs.value(route);
    this.#pairs.rows[route + serialAt] = bucket.serial;
    this.#pairs.rows[route + slotAt] = 2 * bucket.slotOf(track) + (asksPath ? 1 : 0);
    if (listener === undefined) return;
    if (listener.lastSeenMs < atMs) listener.lastSeenMs = atMs;
    if (listener.firstSeenMs > atMs) listener.firstSeenMs = atMs;
  }
}

function known(number: number): number | undefined {
  return number < 0 ? undefined : number;
}
