import type { GraphAnswer, GraphDependency, GraphService } from '@netring/contract/graph';
import type { DependencyChange, DiffAnswer } from '@netring/contract/topology';
import { diff } from '@netring/topology';
import { mapOf } from '../traffic/index.ts';

type Differences = Pick<DiffAnswer, 'services' | 'dependencies' | 'before' | 'after'>;
type Changed = DiffAnswer['dependencies']['worse'][number];

/** A latency is another one when it differs by a quarter, and by more than the steps of a histogram make of 2 ms. */
const latencyShare = 0.25;
const leastLatencyMs = 2;
/** A p95 of fewer requests is one request. */
const leastRequests = 20;
/** As for the health of a dependency: a few failures are chance. */
const leastFailures = 3;
const leastShare = 0.01;

const troubleOf = {
  healthy: 0,
  slow: 1,
  failing: 2,
  ok: 0,
  degraded: 1,
  down: 2,
  none: 0,
  network: 1,
  application: 1,
  both: 2,
  unknown: 0,
} as const;
type State = keyof typeof troubleOf;

/** What the second picture has and the first has not, the other way round, and what does worse or better in it. */
export function differencesOf(before: GraphAnswer, after: GraphAnswer): Differences {
  const { services } = diff(mapOf(before), mapOf(after));
  const was = new Map(before.dependencies.map((one) => [one.id, one]));
  const is = new Map(after.dependencies.map((one) => [one.id, one]));
  const stayed = after.dependencies.flatMap((now): [GraphDependency, GraphDependency][] => {
    const then = was.get(now.id);
    return then === undefined ? [] : [[then, now]];
  });
  const { seen: seenBefore } = before.metadata;
  const { seen: seenAfter } = after.metadata;
  return {
    ...(seenBefore && { before: seenBefore }),
    ...(seenAfter && { after: seenAfter }),
    services: {
      ...services,
      worse: changedServices(before, after, isWorse),
      better: changedServices(before, after, isBetter),
    },
    dependencies: {
      gained: after.dependencies.filter(({ id }) => !was.has(id)).map(keyOf),
      lost: before.dependencies.filter(({ id }) => !is.has(id)).map(keyOf),
      changed_health: stayed.flatMap(([then, now]) =>
        then.health === now.health ? [] : [{ ...keyOf(now), from: then.health, to: now.health }],
      ),
      worse: stayed.flatMap(([then, now]) => changedBy(then, now, isWorse, isHigher)),
      better: stayed.flatMap(([then, now]) => changedBy(then, now, isBetter, isLowerAfter(then, now))),
    },
  };
}

function keyOf({ id, source_service, target_service, protocol }: GraphDependency): Omit<Changed, 'changes'> {
  return { id, source_service, target_service, protocol };
}

/** Trouble that was not known of before is worse, too. */
function isWorse(from: State, to: State): boolean {
  if (from === to) return false;
  // The network after the application is new trouble of another side.
  return troubleOf[to] > troubleOf[from] || (isOneSide(from) && isOneSide(to));
}

/** What is not known is no better. */
function isBetter(from: State, to: State): boolean {
  return to !== 'unknown' && troubleOf[to] < troubleOf[from];
}

function isOneSide(state: State): boolean {
  return state === 'network' || state === 'application';
}

interface Failures {
  share: number;
  failed: number;
}

type Measured = { latencyMs: number } | Failures;

/** Whether the second is higher by more than chance makes it. */
function isHigher(from: Measured, to: Measured): boolean {
  if ('latencyMs' in from && 'latencyMs' in to)
    return to.latencyMs > from.latencyMs + Math.max(leastLatencyMs, latencyShare * from.latencyMs);
  if ('failed' in from && 'failed' in to)
    return to.failed >= leastFailures && to.share >= from.share + leastShare;
  return false;
}

/** Whether the second is lower, of two times: what fails more often than before is no better for failing fast. */
function isLowerAfter(
  then: GraphDependency,
  now: GraphDependency,
): (from: Measured, to: Measured) => boolean {
  const [before, after] = [failuresOf(then), failuresOf(now)];
  const failsMore = before !== undefined && after !== undefined && isHigher(before, after);
  return (from, to) => !failsMore && isHigher(to, from);
}

function changedBy(
  then: GraphDependency,
  now: GraphDependency,
  isChanged: (from: State, to: State) => boolean,
  isOther: (from: Measured, to: Measured) => boolean,
): Changed[] {
  const changes: DependencyChange[] = [];
  if (isChanged(then.health, now.health)) changes.push({ of: 'health', from: then.health, to: now.health });
  const [from, to] = [then.blame.verdict, now.blame.verdict];
  if (isChanged(from, to)) {
    const [reason] = (troubleOf[to] >= troubleOf[from] ? now : then).blame.reasons;
    changes.push({ of: 'blame', from, to, ...(reason !== undefined && { reason }) });
  }
  if (isChanged(then.path.state, now.path.state))
    changes.push({ of: 'path', from: then.path.state, to: now.path.state });
  const [latencyBefore, latencyNow] = [latencyOf(then), latencyOf(now)];
  if (latencyBefore !== undefined && latencyNow !== undefined && isOther(latencyBefore, latencyNow))
    changes.push({ of: 'latency', from_ms: latencyBefore.latencyMs, to_ms: latencyNow.latencyMs });
  const [failedBefore, failedNow] = [failuresOf(then), failuresOf(now)];
  if (failedBefore !== undefined && failedNow !== undefined && isOther(failedBefore, failedNow))
    changes.push({ of: 'errors', from_share: failedBefore.share, to_share: failedNow.share });
  return changes.length === 0 ? [] : [{ ...keyOf(now), changes }];
}

function latencyOf(one: GraphDependency): { latencyMs: number } | undefined {
  const { p95_latency_ms: latencyMs, request_count: requests } = one;
  return latencyMs === undefined || requests < leastRequests ? undefined : { latencyMs };
}

function failuresOf(one: GraphDependency): Failures | undefined {
  if (one.request_count === 0) return undefined;
  const failed = one.server_errors + one.transport_failures;
  return { share: failed / one.request_count, failed };
}

function changedServices(
  before: GraphAnswer,
  after: GraphAnswer,
  isChanged: (from: State, to: State) => boolean,
): DiffAnswer['services']['worse'] {
  return Object.values(after.services).flatMap(({ service_id, health: to }) => {
    const then: GraphService | undefined = Object.hasOwn(before.services, service_id)
      ? before.services[service_id]
      : undefined;
    return then !== undefined && isChanged(then.health, to) ? [{ service_id, from: then.health, to }] : [];
  });
}
