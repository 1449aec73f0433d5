import type { GraphDependency, GraphService } from '@netring/contract/graph';

/** How a dependency is drawn: its health first, then what is blamed. */
export type Tone = 'ok' | 'warn' | 'bad' | 'unknown';

/** The tone of a dependency: failing is bad; slow, or blamed, is a warning; nothing measured is unknown. */
export function dependencyTone({ health, blame }: Pick<GraphDependency, 'health' | 'blame'>): Tone {
  if (health === 'failing') return 'bad';
  const isBlamed = blame.verdict === 'network' || blame.verdict === 'application' || blame.verdict === 'both';
  if (health === 'slow' || isBlamed) return 'warn';
  return health === 'healthy' ? 'ok' : 'unknown';
}

export function serviceTone({ health }: Pick<GraphService, 'health'>): Tone {
  return health === 'failing' ? 'bad' : health === 'slow' ? 'warn' : health === 'healthy' ? 'ok' : 'unknown';
}

/** The tone of the measured path under a dependency; `undefined` where there is none to draw. */
export function pathTone({ path }: Pick<GraphDependency, 'path'>): Tone | undefined {
  if (path.kind === 'local') return undefined;
  if (path.kind === 'none') return 'unknown';
  return path.state === 'down' ? 'bad' : path.state === 'degraded' ? 'warn' : path.state;
}

/** Whether a person should look: the dependency does badly, or its path does. */
export function isTroubled(one: Pick<GraphDependency, 'health' | 'blame' | 'path' | 'activity'>): boolean {
  if (one.activity === 'gone') return false;
  return isTrouble(dependencyTone(one)) || isTrouble(pathTone(one));
}

function isTrouble(tone: Tone | undefined): boolean {
  return tone === 'bad' || tone === 'warn';
}

/** Whether requests failed by the callee's or the network's fault; a client's own mistakes do not count. */
export function hasErrors(one: Pick<GraphDependency, 'server_errors' | 'transport_failures'>): boolean {
  return one.server_errors + one.transport_failures > 0;
}

const weights: Record<Tone, number> = { bad: 3, warn: 2, unknown: 0, ok: 1 };

/** The worst of some tones; `unknown` of none. */
export function worst(tones: readonly Tone[]): Tone {
  return tones.reduce((a, b) => (weights[b] > weights[a] ? b : a), tones[0] ?? 'unknown');
}

/** The worst first, then the busiest, what is gone last; at most so many. */
export function worstFirst(all: Iterable<GraphDependency>, most = Infinity): GraphDependency[] {
  const byWeight = new Map<number, GraphDependency[]>();
  for (const one of all) {
    const weight = weightOf(one);
    const alike = byWeight.get(weight);
    if (alike === undefined) byWeight.set(weight, [one]);
    else alike.push(one);
  }
  const sorted: GraphDependency[] = [];
  for (const weight of [...byWeight.keys()].sort((a, b) => b - a)) {
    if (sorted.length >= most) break;
    sorted.push(...busiest(byWeight.get(weight) as GraphDependency[], most - sorted.length));
  }
  return sorted;
}

/** Of thousands that do equally well, sorting those that are shown is enough. */
function busiest(alike: readonly GraphDependency[], most: number): GraphDependency[] {
  let some: readonly GraphDependency[] = alike;
  if (alike.length > 4 * most) {
    const counts = Float64Array.from(alike, ({ request_count: count }) => count).sort();
    const least = counts[counts.length - most] as number;
    some = alike.filter(({ request_count: count }) => count >= least);
  }
  return [...some].sort((a, b) => b.request_count - a.request_count || (a.id < b.id ? -1 : 1)).slice(0, most);
}

function weightOf(one: GraphDependency): number {
  if (one.activity === 'gone') return -1;
  return 4 * weights[dependencyTone(one)] + weights[pathTone(one) ?? 'ok'];
}
