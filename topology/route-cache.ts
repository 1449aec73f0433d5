import type { ObservationLike } from './check-observation.ts';
import type { Listener, Track } from './entries.ts';
import type { Evidence } from './observation.ts';
import type { Protocol } from './protocol.ts';

/**
 * Where an observation that looked like this was counted. Most traffic repeats, and asking for one answer is many
 * times cheaper than working it out again.
 */
export interface Route {
  sourceNetwork: string | undefined;
  sourceService: string | undefined;
  sourceName: string | undefined;
  network: string | undefined;
  service: string | undefined;
  name: string | undefined;
  port: number;
  protocol: Protocol | undefined;
  evidence: Evidence | undefined;
  track: Track;
  listener: Listener | undefined;
  /** Whether the path says which filter an observation falls under; else its caller has said it. */
  asksPath: boolean;
  /** What else goes from that host to that host. */
  next: Route | undefined;
}

/** About 20 MB. Beyond it everything is worked out anew. */
const mostRoutes = 100_000;
/** Kinds of traffic between two hosts that are looked through one after the other. */
const longestChain = 8;

/** Routes by the hosts of both ends. They say nothing once a service, a name or a bucket has gone: then {@link clear}. */
export class RouteCache {
  #bySource = new Map<string, Map<string, Route>>();
  #size = 0;
  /** How many times everything was forgotten: a route found before is none afterwards. */
  clears = 0;

  /** Anything may be asked for; only what was put is found. */
  find({ source, destination, protocol, evidence }: ObservationLike): Route | undefined {
    if (typeof source !== 'object' || source === null) return undefined;
    if (typeof destination !== 'object' || destination === null) return undefined;
    let route = this.#bySource.get(source.host)?.get(destination.host);
    while (route !== undefined) {
      if (
        route.port === destination.port &&
        route.protocol === protocol &&
        route.evidence === evidence &&
        route.service === destination.service &&
        route.sourceService === source.service &&
        route.network === destination.network &&
        route.sourceNetwork === source.network &&
        route.name === destination.name &&
        route.sourceName === source.name
      )
        return route;
      route = route.next;
    }
    return undefined;
  }

  put(observation: ObservationLike, track: Track, listener: Listener | undefined, asksPath: boolean): void {
    if (this.#size >= mostRoutes) this.clear();
    const { source, destination, protocol, evidence } = observation;
    let byTarget = this.#bySource.get(source.host);
    if (byTarget === undefined) this.#bySource.set(source.host, (byTarget = new Map<string, Route>()));
    const next = byTarget.get(destination.host);
    byTarget.set(destination.host, {
      sourceNetwork: source.network,
      sourceService: source.service,
      sourceName: source.name,
      network: destination.network,
      service: destination.service,
      name: destination.name,
      port: destination.port,
      protocol,
      evidence,
      track,
      listener,
      asksPath,
      next: lengthOf(next) < longestChain ? next : undefined,
    });
    this.#size++;
  }

  clear(): void {
    if (this.#size === 0) return;
    this.#bySource = new Map();
    this.#size = 0;
    this.clears++;
  }
}

function lengthOf(route: Route | undefined): number {
  let length = 0;
  for (let one = route; one !== undefined; one = one.next) length++;
  return length;
}
