import {
  amountObjection,
  kindObjection,
  timeOf,
  type ObservationLike,
  type RejectReason,
} from './check-observation.ts';
import type { ServiceEntry } from './entries.ts';
import type { Knowledge } from './knowledge.ts';
import { recordObservation } from './recorder.ts';
import { RouteCache } from './route-cache.ts';
import { Sampler } from './sampler.ts';
import type { Bucket } from './bucket.ts';

/** What became of an observation: counted, left out by sampling, or refused. */
export type ObservationOutcome = 'taken' | 'sampled_out' | RejectReason;

/** Counts observations: finds out which services they are of, and adds them to their bucket. */
export class Observer {
  readonly #knowledge: Knowledge;
  readonly #sampler: Sampler | undefined;
  readonly #percentiles: boolean;
  readonly #foldClients: boolean;
  readonly #routes = new RouteCache();
  readonly #rejected = new Map<RejectReason, number>();

  constructor(knowledge: Knowledge) {
    this.#knowledge = knowledge;
    const { sampling, percentiles, foldClients } = knowledge.settings;
    this.#sampler = sampling.oneIn === 1 ? undefined : new Sampler(sampling.oneIn, sampling.seed);
    this.#percentiles = percentiles;
    this.#foldClients = foldClients;
  }

  /** Takes one observation; never throws. A refused one is counted by its reason. */
  observe(observation: ObservationLike): ObservationOutcome {
    const route =
      typeof observation === 'object' && observation !== null ? this.#routes.find(observation) : -1;
    const why = (route < 0 ? kindObjection(observation) : undefined) ?? amountObjection(observation);
    if (why !== undefined) return this.#reject(why);
    const atMs = timeOf(observation);
    if (atMs === undefined) return this.#reject('bad_timestamp');
    const { timeline } = this.#knowledge;
    const untimely = timeline.objection(atMs);
    if (untimely !== undefined) return this.#reject(untimely);
    let { weight = 1 } = observation;
    // What is no request is not sampled: there is one such an observation per look, however many requests there were.
    if (this.#sampler !== undefined && weight > 0) {
      if (!this.#sampler.takes()) return 'sampled_out';
      weight *= this.#sampler.oneIn;
    }
    // The bucket first: a new one makes old services go, and the route with them.
    const { clears } = this.#routes;
    const bucket = timeline.bucketAt(atMs);
    if (route >= 0 && this.#routes.clears === clears && this.#isAlong(route, observation.path)) {
      const slot = this.#routes.slotIn(bucket, route, atMs);
      recordObservation(bucket, slot, observation, atMs, weight, false, this.#percentiles);
      return 'taken';
    }
    return this.#observeAnew(bucket, observation, atMs, weight);
  }

  /** What was known of routes holds no more: something got a name, or went. */
  forgetRoutes(): void {
    this.#routes.clear();
  }

  /** How many observations were refused since the start, by reason. */
  rejections(): Partial<Record<RejectReason, number>> {
    return Object.fromEntries(this.#rejected);
  }

  /** Whether what goes along a route with that path falls under the same filter as everything that does: mostly none. */
  #isAlong(route: number, path: string | undefined): boolean {
    return path === undefined || !this.#routes.asksPath(route) || this.#knowledge.filters.ofPath(path) === 0;
  }

  /** Works out where an observation belongs. */
  #observeAnew(
    bucket: Bucket,
    observation: ObservationLike,
    atMs: number,
    weight: number,
  ): ObservationOutcome {
    const { directory, book } = this.#knowledge;
    const { source, destination, evidence = 'log', path } = observation;
    const isFlow = evidence === 'flow';
    const isTurned = isFlow && this.#isBackwards(observation);
    const to = isTurned ? { port: 0, ...source } : destination;
    const protocol = directory.spoken(to, observation.protocol);
    const caller = directory.caller(isTurned ? destination : source, atMs);
    const { service, listener } = directory.callee(to, protocol, atMs, !isFlow);
    const filter = this.#filterOf(caller, path);
    const track = book.track(caller, service, protocol, evidence, filter, atMs);
    if (track === undefined) return this.#reject('too_many_dependencies');
    const isPlain = filter === 0 || filter === caller.callerFilter;
    // Flows may be turned another time, and what is only TCP may be known better.
    if (isPlain && !isFlow && protocol !== 'tcp' && this.#foldClients)
      this.#routes.put(observation, track, listener, caller.callerFilter === 0);
    recordObservation(bucket, bucket.slotOf(track), observation, atMs, weight, isTurned, this.#percentiles);
    return 'taken';
  }

  /** A flow says nothing about who asked: the end that is known to listen is the one that answers. */
  #isBackwards({ source, destination }: ObservationLike): boolean {
    const { directory } = this.#knowledge;
    return directory.isListener(source) && !directory.isListener(destination);
  }

  #filterOf(caller: ServiceEntry, path: string | undefined): number {
    const { filters } = this.#knowledge;
    caller.callerFilter ??= filters.ofCaller(caller.name);
    return path === undefined || caller.callerFilter > 0 ? caller.callerFilter : filters.ofPath(path);
  }

  #reject(reason: RejectReason): RejectReason {
    this.#rejected.set(reason, (this.#rejected.get(reason) ?? 0) + 1);
    return reason;
  }
}
