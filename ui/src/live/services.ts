import type { GraphAnswer, GraphChanged } from '@netring/contract/graph';
import { batch } from '../map/batch.ts';
import { graphFrom, withGraphChanges, type ServiceGraph } from '../map/graph.ts';
import { servicesSentence, serviceTroubles } from '../words/service-trouble.ts';
import type { Trouble } from '../words/trouble.ts';
import { askJson } from './ask.ts';
import type { Dashboard } from './dashboard.svelte.ts';
import { paced } from './paced.ts';

/** What the pages beside the map know of services. */
export interface ServicesSeen {
  graph: ServiceGraph;
  troubles: readonly Trouble[];
  /** How much is seen and judged; absent where nothing is. */
  sentence?: string;
}

/** The whole graph is asked for seldom: the stream tells what changes in it. Milliseconds. */
const askGapMs = 5_000;
/** Nobody reads a sentence that changes more often. Milliseconds. */
const restMs = 1_000;

/** Asks for the service graph, keeps it current by the stream, and tells what is to be said of it until `signal` aborts. */
export function followServices(
  dashboard: Pick<Dashboard, 'listen'>,
  tell: (seen: ServicesSeen) => void,
  signal: AbortSignal,
): void {
  let graph: ServiceGraph | undefined;
  let early: GraphChanged[] = [];
  const changes = batch<GraphChanged>((some) => {
    if (graph === undefined) early.push(...some);
    else take(withGraphChanges(graph, some));
  }, restMs);
  const take = (next: ServiceGraph): void => {
    graph = next;
    const sentence = servicesSentence(next);
    tell({ graph: next, troubles: serviceTroubles(next), ...(sentence !== undefined && { sentence }) });
  };
  const asking = paced(async () => {
    const got = await askJson<GraphAnswer>('topology', signal).catch(() => undefined);
    if (got?.kind !== 'ok') return;
    take(withGraphChanges(graphFrom(got.data), early));
    early = [];
  }, askGapMs);
  dashboard.listen({ graph: changes.add, requests: () => undefined, anew: asking.ask }, signal);
  asking.ask();
  const stop = (): void => {
    asking.stop();
    changes.stop();
  };
  signal.addEventListener('abort', stop, { once: true });
}
