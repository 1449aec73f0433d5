import type { GraphDependency, GraphService } from '@netring/contract/graph';
import { latencyText, shareText } from '../words/measure.ts';
import { levelWords, nextLevel } from './level.ts';
import type { Area, Node } from './scene.ts';
import { dependencyTone, pathTone, type Tone } from './trouble.ts';

/** Whose fault, in a word or two. */
export const verdictWords: Record<GraphDependency['blame']['verdict'], string> = {
  network: 'the network',
  application: 'the application',
  both: 'network and application',
  none: 'nothing is slow',
  unknown: 'not known',
};

export const healthWords: Record<GraphDependency['health'], string> = {
  healthy: 'healthy',
  slow: 'slow',
  failing: 'failing',
  unknown: 'not measured',
};

/** Requests a second with three figures at most. */
export function rateWords(perSecond: number): string {
  if (perSecond === 0) return 'no requests';
  if (perSecond < 0.1) return `${(perSecond * 60).toFixed(1)}/min`;
  return `${perSecond < 9.95 ? perSecond.toFixed(1) : Math.round(perSecond)}/s`;
}

/** Errors by whose they are; `undefined` when there are none. */
export function errorWords(one: GraphDependency): string | undefined {
  const parts = [
    one.server_errors > 0 && `${one.server_errors} × 5xx`,
    one.client_errors > 0 && `${one.client_errors} × 4xx`,
    one.transport_failures > 0 && `${one.transport_failures} unanswered`,
    one.client_gone > 0 && `${one.client_gone} × client gone`,
  ].filter((part) => part !== false);
  return parts.length === 0 ? undefined : parts.join(', ');
}

/** The 95th percentile, or what stands for it where nobody timed requests. */
export function latencyWords(one: GraphDependency): string | undefined {
  if (one.p95_latency_ms !== undefined) return `p95 ${latencyText(one.p95_latency_ms)}`;
  return one.rtt_floor_ms === undefined ? undefined : `round trip ${latencyText(one.rtt_floor_ms)}`;
}

/** What stands beside a dependency on the map: `4.7/s · p95 12 ms · 3 % failed`; of several, what they do together. */
export function figuresOf(all: readonly GraphDependency[]): string {
  const sum = (of: (one: GraphDependency) => number): number =>
    all.reduce((total, one) => total + of(one), 0);
  const failed = sum((one) => one.server_errors + one.transport_failures);
  const [only, ...others] = all;
  return [
    rateWords(sum((one) => one.requests_per_second)),
    // The percentile of several is not known from theirs.
    only !== undefined && others.length === 0 ? latencyWords(only) : undefined,
    failed > 0
      ? `${shareText(
          failed /
            Math.max(
              failed,
              sum((one) => one.request_count),
            ),
        )} failed`
      : undefined,
  ]
    .filter((part) => part !== undefined)
    .join(' · ');
}

export function figureWords(one: GraphDependency): string {
  return figuresOf([one]);
}

/** `orders (eu1)`; only the name for what is outside every location. */
export function serviceWords(service: GraphService | undefined, id: string): string {
  if (service === undefined) return id;
  return service.location === undefined
    ? service.service_name
    : `${service.service_name} (${service.location})`;
}

/** A card for those who do not see it: `orders (us1)`, `orders (us1) on us1-host-1: node (pid 4711), port 8080`. */
export function nodeWords(node: Node, nameOf: (id: string) => string): string {
  if (node.folded !== undefined) return `${node.name}, together; opens to each`;
  const name = nameOf(node.service);
  return node.host === undefined ? name : `${name} on ${node.host || 'a machine not known'}: ${node.detail}`;
}

/** A location for those who do not see it: `us1, opened to its machines, 1 failing`. */
export function areaWords({ title, outside, level, failing, slow }: Area): string {
  return [
    title,
    outside || level === 'services' ? undefined : `opened to its ${levelWords[level]}`,
    failing > 0 ? `${failing} failing` : undefined,
    slow > 0 ? `${slow} slow` : undefined,
    outside ? undefined : `opens to its ${levelWords[nextLevel(level)]}`,
  ]
    .filter((part) => part !== undefined)
    .join(', ');
}

const pathWords: Record<Tone, string> = {
  ok: 'path up',
  warn: 'path degraded',
  bad: 'path down',
  unknown: 'path not measured',
};

/** One dependency as a sentence, for a list and for those who hear the screen. */
export function dependencySentence(one: GraphDependency, nameOf: (id: string) => string): string {
  const { verdict } = one.blame;
  const path = pathTone(one);
  return [
    `${nameOf(one.source_service)} calls ${nameOf(one.target_service)} over ${one.protocol}`,
    rateWords(one.requests_per_second),
    latencyWords(one),
    errorWords(one),
    dependencyTone(one) === 'ok' ? undefined : healthWords[one.health],
    path && pathWords[path],
    verdict === 'none' || verdict === 'unknown' ? undefined : `blame: ${verdictWords[verdict]}`,
  ]
    .filter((part) => part !== undefined)
    .join(', ');
}

/** Other dependencies whose path has its worst step at the same hop: what else suffers when it does. */
export function crossingSameHop(one: GraphDependency, all: Iterable<GraphDependency>): GraphDependency[] {
  const hop = hopOf(one);
  if (hop === undefined) return [];
  return [...all].filter((other) => other.id !== one.id && hopOf(other) === hop);
}

function hopOf({ path }: GraphDependency): string | undefined {
  return path.worst_step?.ip;
}
