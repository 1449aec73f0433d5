import { latestTimestampMs, type ObservationLike, type RejectReason } from './check-observation.ts';
import type { Annotation } from './entries.ts';
import { exportBucket } from './export-bucket.ts';
import { emptyKnowledge, type Knowledge } from './knowledge.ts';
import {
  analyzeTraffic,
  criticalServices,
  dependenciesOf,
  serviceOf,
  slowDependencies,
  type TrafficPatterns,
} from './map-questions.ts';
import type { MapperOptions } from './mapper-options.ts';
import { mergeInto, type MergeOutcome } from './merge.ts';
import { Observer, type ObservationOutcome } from './observer.ts';
import type { Direction, Service, ServiceDependency, TopologyMap } from './topology-map.ts';
import type { TrafficBucket } from './traffic-bucket.ts';
import { mapOfWindow, type TopologyWindow } from './window-map.ts';

export interface BatchOutcome {
  taken: number;
  sampled_out: number;
  rejected: { index: number; reason: RejectReason }[];
}

/**
 * Learns from observed traffic which services there are and which calls which. Pure: it reads no clock and no network;
 * the present is the newest time it was given. Everything it keeps is bounded by its options.
 */
export class TopologyMapper {
  readonly #knowledge: Knowledge;
  readonly #observer: Observer;
  #revision = 0;
  #latest: { revision: number; map: TopologyMap } | undefined;

  /** @throws RangeError naming the option when one is out of range. */
  constructor(options: MapperOptions = {}) {
    this.#knowledge = emptyKnowledge(options, () => this.#observer.forgetRoutes());
    this.#observer = new Observer(this.#knowledge);
  }

  /** Takes one observation; never throws. A refused one is counted by its reason. */
  observeTraffic(observation: ObservationLike): ObservationOutcome {
    const outcome = this.#observer.observe(observation);
    if (outcome === 'taken') this.#revision++;
    return outcome;
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
    this.#knowledge.timeline.advance(nowMs);
    this.#revision++;
  }

  /**
   * Adds what another mapper has counted in one bucket so far, in place of what the same reporter said of that bucket
   * before. In any order, any number of times, the sums are the same. Takes data from outside; never throws.
   */
  merge(bucket: TrafficBucket): MergeOutcome {
    const outcome = mergeInto(this.#knowledge, bucket);
    if (outcome.outcome === 'taken') this.#revision++;
    return outcome;
  }

  /** Grows with every dependency that is new, or was forgotten and is seen again. */
  get dependenciesMade(): number {
    return this.#knowledge.book.made;
  }

  /** Our own buckets, oldest first: a bucket whose `observations` have grown has news. */
  bucketStates(): { startMs: number; observations: number }[] {
    const buckets = this.#knowledge.timeline.ownBuckets();
    return buckets.map(({ startMs, observations }) => ({ startMs, observations }));
  }

  /** Our own totals so far of the bucket that begins then; `undefined` when there is none. */
  exportBucket(startMs: number): TrafficBucket | undefined {
    const { timeline, filters, settings } = this.#knowledge;
    const bucket = timeline.ownBuckets().find((one) => one.startMs === startMs);
    if (bucket === undefined) return undefined;
    return exportBucket(bucket, settings.reporter, settings.bucketMs, (filter) => filters.name(filter));
  }

  /** Gives something a name: a `host`, `host:port`, either after `network/`, or a service id. `undefined` takes it back. */
  setName(place: string, name: string | undefined): void {
    if (name === undefined) this.#knowledge.names.delete(place);
    else this.#knowledge.names.set(place, name);
    this.#observer.forgetRoutes();
    this.#revision++;
  }

  /** Notes what is known about a service beyond its traffic (plain JSON data). False when there is no such service. */
  annotate(id: string, annotation: Annotation): boolean {
    const service = this.#knowledge.directory.services.get(id);
    if (service === undefined) return false;
    service.annotation = JSON.parse(JSON.stringify(annotation)) as Annotation;
    this.#revision++;
    return true;
  }

  /** How many observations were refused since the start, by reason. */
  rejections(): Partial<Record<RejectReason, number>> {
    return this.#observer.rejections();
  }

  /** The service graph of a window, of everything that is kept when there is none. It never changes afterwards. */
  generateTopologyMap(window: TopologyWindow = {}): TopologyMap {
    const isWhole = Object.keys(window).length === 0;
    if (isWhole && this.#latest?.revision === this.#revision) return this.#latest.map;
    const map = mapOfWindow(this.#knowledge, window, this.rejections());
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
}
