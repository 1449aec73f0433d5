import {
  analyzeTraffic,
  criticalServices,
  dependenciesOf,
  serviceOf,
  slowDependencies,
  type TrafficPatterns,
} from './map-questions.ts';
import type { Bucket } from './bucket.ts';
import { bucketObjection } from './check-bucket.ts';
import {
  amountObjection,
  kindObjection,
  latestTimestampMs,
  timeOf,
  type ObservationLike,
  type RejectReason,
} from './check-observation.ts';
import { Directory } from './directory.ts';
import type { Annotation, ServiceEntry, Track } from './entries.ts';
import { drawMap } from './draw-map.ts';
import { exportBucket } from './export-bucket.ts';
import { FilterList } from './filter.ts';
import { settingsOf, type MapperOptions, type MapperSettings } from './mapper-options.ts';
import { importBucket } from './merge-bucket.ts';
import { recordObservation } from './recorder.ts';
import { RouteCache, type Route } from './route-cache.ts';
import { Sampler } from './sampler.ts';
import { Timeline } from './timeline.ts';
import type { Direction, Service, ServiceDependency, TopologyMap } from './topology-map.ts';
import { TrackBook } from './track-book.ts';
import type { TrafficBucket } from './traffic-bucket.ts';
import { viewOf } from './view.ts';

/** What became of an observation: counted, left out by sampling, or refused. */
export type ObservationOutcome = 'taken' | 'sampled_out' | RejectReason;

export interface BatchOutcome {
  taken: number;
  sampled_out: number;
  rejected: { index: number; reason: RejectReason }[];
}

/** `older`: a newer state of the same bucket is already here. `dropped`: dependencies that found no room. */
export type MergeOutcome =
  { outcome: 'taken'; dropped: number } | { outcome: 'older' } | { outcome: 'refused'; reason: string };

/** Which time, and which hidden traffic, a map is about. Buckets that lie partly in the window count whole. */
export interface TopologyWindow {
  /** Epoch milliseconds, inclusive. */
  fromMs?: number;
  /** Epoch milliseconds, exclusive. */
  toMs?: number;
  /** Instead of `fromMs`: so far back from the present. */
  lastMs?: number;
  /** Filters whose traffic is shown, too, such as `health_check`. */
  include?: readonly string[];
}

/**
 * Learns from observed traffic which services there are and which calls which. Pure: it reads no clock and no network;
 * the present is the newest time it was given. Everything it keeps is bounded by its options.
 */
export class TopologyMapper {
  readonly #settings: MapperSettings;
  readonly #names: Map<string, string>;
  readonly #directory: Directory;
  readonly #book: TrackBook;
  readonly #timeline: Timeline;
  readonly #sampler: Sampler | undefined;
  readonly #filters: FilterList;
  readonly #routes = new RouteCache();
  readonly #rejected = new Map<RejectReason, number>();
  #revision = 0;
  #latest: { revision: number; map: TopologyMap } | undefined;

  /** @throws RangeError naming the option when one is out of range. */
  constructor(options: MapperOptions = {}) {
    const settings = settingsOf(options);
    this.#settings = settings;
    this.#filters = new FilterList(settings.filters);
    this.#names = new Map(Object.entries(options.names ?? {}));
    const { limits, foldClients, foldReplicas, bucketMs, retentionMs, aheadMs, sampling } = settings;
    this.#directory = new Directory({
      limits,
      foldClients,
      foldReplicas,
      nameOf: (place) => this.#names.get(place),
      namesPorts: () => this.#names.size > 0,
    });
    this.#book = new TrackBook(limits.dependencies);
    this.#timeline = new Timeline({
      bucketMs,
      retentionMs,
      aheadMs,
      onDropped: (tracks) => this.#book.release(tracks),
      onSwept: (oldestMs) => {
        this.#directory.sweep(oldestMs);
        this.#routes.clear();
      },
    });
    this.#sampler = sampling.oneIn === 1 ? undefined : new Sampler(sampling.oneIn, sampling.seed);
  }

  /** Takes one observation; never throws. A refused one is counted by its reason. */
  observeTraffic(observation: ObservationLike): ObservationOutcome {
    const route =
      typeof observation === 'object' && observation !== null ? this.#routes.find(observation) : undefined;
    const why =
      (route === undefined ? kindObjection(observation) : undefined) ?? amountObjection(observation);
    if (why !== undefined) return this.#reject(why);
    const atMs = timeOf(observation);
    if (atMs === undefined) return this.#reject('bad_timestamp');
    const untimely = this.#timeline.objection(atMs);
    if (untimely !== undefined) return this.#reject(untimely);
    let { weight = 1 } = observation;
    // What is no request is not sampled: there is one such an observation per look, however many requests there were.
    if (this.#sampler !== undefined && weight > 0) {
      if (!this.#sampler.takes()) return 'sampled_out';
      weight *= this.#sampler.oneIn;
    }
    // The bucket first: a new one makes old services go, and the route with them.
    const clears = this.#routes.clears;
    const bucket = this.#timeline.bucketAt(atMs);
    const isTurned = observation.evidence === 'flow' && this.#isBackwards(observation);
    const isKnown = route !== undefined && this.#routes.clears === clears;
    const track =
      (isKnown ? this.#alongRoute(route, observation.path, bucket, atMs) : undefined) ??
      this.#trackOf(observation, atMs, isTurned);
    if (track === undefined) return this.#reject('too_many_dependencies');
    recordObservation(bucket, track, observation, atMs, weight, isTurned, this.#settings.percentiles);
    this.#revision++;
    return 'taken';
  }

  /** Takes what can be taken; says of the others where they stand and why they were refused. */
  observeTrafficBatch(observations: Iterable<ObservationLike>): BatchOutcome {
    const result: BatchOutcome = { taken: 0, sampled_out: 0, rejected: [] };
    let index = 0;
    for (const one of observations) {
      const outcome = this.observeTraffic(one);
      if (outcome === 'taken' || outcome === 'sampled_out') result[outcome]++;
      else result.rejected.push({ index, reason: outcome });
      index++;
    }
    return result;
  }

  /** Says what time it is. From then on retention counts from there, and what lies further ahead is refused. */
  advance(nowMs: number): void {
    if (!(nowMs >= 0 && nowMs <= latestTimestampMs)) throw new RangeError(`${nowMs} is no time.`);
    this.#timeline.advance(nowMs);
    this.#revision++;
  }

  /**
   * Adds what another mapper has counted in one bucket so far, in place of what the same reporter said of that bucket
   * before. In any order, any number of times, the sums are the same. Takes data from outside; never throws.
   */
  merge(bucket: TrafficBucket): MergeOutcome {
    const reason = bucketObjection(bucket);
    if (reason !== undefined) return { outcome: 'refused', reason };
    const durationMs = bucket.duration_ms === 0 ? Infinity : bucket.duration_ms;
    if (durationMs !== this.#settings.bucketMs || this.#timeline.startOf(bucket.start_ms) !== bucket.start_ms)
      return { outcome: 'refused', reason: `start_ms, duration_ms: not one of the buckets kept here` };
    const untimely = this.#timeline.objection(
      durationMs === Infinity ? Infinity : bucket.start_ms + durationMs - 1,
    );
    const isAhead = this.#timeline.objection(bucket.start_ms) === 'in_future';
    if (untimely === 'too_old' || isAhead)
      return { outcome: 'refused', reason: `start_ms: ${isAhead ? 'in_future' : 'too_old'}` };
    const before = this.#timeline.reported(bucket.reporter, bucket.start_ms);
    if (before !== undefined && before.observations >= bucket.observations) return { outcome: 'older' };
    const imported = importBucket(bucket, this.#directory, this.#book, (name) => this.#filters.number(name));
    this.#timeline.put(bucket.reporter, imported.bucket, imported.newestMs);
    this.#revision++;
    return { outcome: 'taken', dropped: imported.dropped };
  }

  /** Grows with every dependency that is new, or was forgotten and is seen again. */
  get dependenciesMade(): number {
    return this.#book.made;
  }

  /** Our own buckets, oldest first: a bucket whose `observations` have grown has news. */
  bucketStates(): { startMs: number; observations: number }[] {
    return this.#timeline.ownBuckets().map(({ startMs, observations }) => ({ startMs, observations }));
  }

  /** Our own totals so far of the bucket that begins then; `undefined` when there is none. */
  exportBucket(startMs: number): TrafficBucket | undefined {
    const bucket = this.#timeline.ownBuckets().find((one) => one.startMs === startMs);
    if (bucket === undefined) return undefined;
    const { reporter, bucketMs } = this.#settings;
    return exportBucket(bucket, reporter, bucketMs, (filter) => this.#filters.name(filter));
  }

  /** Gives something a name: a `host`, `host:port`, either after `network/`, or a service id. `undefined` takes it back. */
  setName(place: string, name: string | undefined): void {
    if (name === undefined) this.#names.delete(place);
    else this.#names.set(place, name);
    this.#routes.clear();
    this.#revision++;
  }

  /** Notes what is known about a service beyond its traffic (plain JSON data). False when there is no such service. */
  annotate(id: string, annotation: Annotation): boolean {
    const service = this.#directory.services.get(id);
    if (service === undefined) return false;
    service.annotation = JSON.parse(JSON.stringify(annotation)) as Annotation;
    this.#revision++;
    return true;
  }

  /** How many observations were refused since the start, by reason. */
  rejections(): Partial<Record<RejectReason, number>> {
    return Object.fromEntries(this.#rejected);
  }

  /** The service graph of a window, of everything that is kept when there is none. It never changes afterwards. */
  generateTopologyMap(window: TopologyWindow = {}): TopologyMap {
    const isWhole = Object.keys(window).length === 0;
    if (isWhole && this.#latest?.revision === this.#revision) return this.#latest.map;
    const map = this.#draw(window);
    if (isWhole) this.#latest = { revision: this.#revision, map };
    return map;
  }

  /** A service by its id, or by its name where only one has it. */
  getService(idOrName: string): Service | undefined {
    return serviceOf(this.generateTopologyMap(), idOrName);
  }

  /** What a service depends on (`outbound`), who depends on it (`inbound`), or both, each as seen from it. */
  getServiceDependencies(
    idOrName: string,
    direction?: Exclude<Direction, 'bidirectional'>,
  ): ServiceDependency[] {
    return dependenciesOf(this.generateTopologyMap(), idOrName, direction);
  }

  /** Every service with the number of its dependencies in either direction, the greatest first. */
  findCriticalServices(): [id: string, degree: number][] {
    return criticalServices(this.generateTopologyMap());
  }

  /** Dependencies whose mean latency is at least the threshold, the slowest first. */
  findBottlenecks({ latencyThresholdMs = 1000 }: { latencyThresholdMs?: number } = {}): ServiceDependency[] {
    return slowDependencies(this.generateTopologyMap(), latencyThresholdMs);
  }

  analyzeTrafficPatterns(): TrafficPatterns {
    return analyzeTraffic(this.generateTopologyMap());
  }

  #draw({ lastMs, toMs = Infinity, include = [], ...rest }: TopologyWindow): TopologyMap {
    const fromMs = rest.fromMs ?? (lastMs === undefined ? -Infinity : this.#timeline.nowMs - lastMs);
    const { percentiles, classifier, health, limits } = this.#settings;
    const isShown = (filter: number): boolean =>
      filter === 0 || include.includes(this.#filters.name(filter) ?? '');
    const idOf = (id: string): string => this.#names.get(id) ?? id;
    const view = viewOf(this.#timeline.within(fromMs, toMs), { idOf, isShown, percentiles });
    const hidden = view.observations.flatMap((count, filter) =>
      isShown(filter) ? [] : [[this.#filters.name(filter) ?? '', Math.round(count)] as const],
    );
    const shown = view.observations.reduce((sum, count, filter) => sum + (isShown(filter) ? count : 0), 0);
    const metadata = {
      total_observations: Math.round(shown),
      ...(isTime(fromMs) ? { from: fromMs } : {}),
      ...(isTime(toMs) ? { to: toMs } : {}),
      rejected: this.rejections(),
      hidden: Object.fromEntries(hidden),
      folded_services: this.#directory.folded,
    };
    return drawMap(view, metadata, { classifier, health, endpoints: limits.endpoints, fromMs, toMs });
  }

  /** The track that the last such observation was counted in; `undefined` when this one differs in what matters. */
  #alongRoute(route: Route, path: string | undefined, bucket: Bucket, atMs: number): Track | undefined {
    const { track, listener } = route;
    // Once a bucket is often enough to say that a listener is there.
    if (listener !== undefined && track.bucketSerial !== bucket.serial) {
      if (listener.lastSeenMs < atMs) listener.lastSeenMs = atMs;
      if (listener.firstSeenMs > atMs) listener.firstSeenMs = atMs;
    }
    if (path === undefined || !route.asksPath) return track;
    return this.#filters.ofPath(path) === track.filter ? track : undefined;
  }

  #trackOf(observation: ObservationLike, atMs: number, isTurned: boolean): Track | undefined {
    const { source, destination, evidence = 'log', path } = observation;
    const to = isTurned ? { port: 0, ...source } : destination;
    const protocol = this.#directory.spoken(to, observation.protocol);
    const caller = this.#directory.caller(isTurned ? destination : source, atMs);
    const isFlow = evidence === 'flow';
    const { service, listener } = this.#directory.callee(to, protocol, atMs, !isFlow);
    const filter = this.#filterOf(caller, path);
    const track = this.#book.track(caller, service, protocol, evidence, filter, atMs);
    const isPlain = filter === 0 || filter === caller.callerFilter;
    // Flows may be turned another time, and what is only TCP may be known better.
    const isLasting = isPlain && !isFlow && protocol !== 'tcp' && this.#settings.foldClients;
    if (track !== undefined && isLasting)
      this.#routes.put(observation, track, listener, caller.callerFilter === 0);
    return track;
  }

  /** A flow says nothing about who asked: the end that is known to listen is the one that answers. */
  #isBackwards({ source, destination }: ObservationLike): boolean {
    return this.#directory.isListener(source) && !this.#directory.isListener(destination);
  }

  #filterOf(caller: ServiceEntry, path: string | undefined): number {
    caller.callerFilter ??= this.#filters.ofCaller(caller.name);
    return path === undefined || caller.callerFilter > 0 ? caller.callerFilter : this.#filters.ofPath(path);
  }

  #reject(reason: RejectReason): RejectReason {
    this.#rejected.set(reason, (this.#rejected.get(reason) ?? 0) + 1);
    return reason;
  }
}

function isTime(value: number): boolean {
  return value >= 0 && value <= latestTimestampMs;
}
