import type { GraphAnswer, GraphChanged } from '@netring/contract/graph';
import { batch } from '../map/batch.ts';
import type { ServiceGraph } from '../map/graph.ts';
import { createToldMeanwhile } from '../map/told-meanwhile.ts';
import { servicesSentence, serviceTroubles } from '../words/service-trouble.ts';
import type { Trouble } from '../words/trouble.ts';
import { askJson, problemOf } from './ask.ts';
import type { Dashboard } from './dashboard.svelte.ts';
import { paced } from './paced.ts';

/** What the pages beside the map know of services. */
export interface ServicesSeen {
  graph: ServiceGraph;
  troubles: readonly Trouble[];
  /** How much is seen and judged; absent where nothing is. */
  sentence?: string;
}

/** What is known of services, and what keeps the rest from being known. */
export interface ServicesTold {
  seen?: ServicesSeen;
  /** Why the last question was not answered, as a sentence; it is asked again by itself. */
  problem?: string;
}

/** The whole graph is asked for seldom: the stream tells what changes in it. Milliseconds. */
const askGapMs = 5_000;
/** Nobody reads a sentence that changes more often. Milliseconds. */
const restMs = 1_000;

/** Asks for the service graph, keeps it current by the stream, and tells what is to be said of it until `signal` aborts. */
export function followServices(
  dashboard: Pick<Dashboard, 'listen'>,
  tell: (told: ServicesTold) => void,
  signal: AbortSignal,
): void {
  const kept = createToldMeanwhile();
  let told: ServicesTold = {};
  const changes = batch<GraphChanged>((some) => {
    const graph = kept.told(some);
    if (graph !== undefined) take({ ...told, seen: seenIn(graph) });
  }, restMs);
  const take = (next: ServicesTold): void => {
    told = next;
    tell(next);
  };
  const asking = paced(async () => {
    kept.asking();
    const got = await askJson<GraphAnswer>('topology', signal).catch(() => undefined);
    if (got === undefined) return;
    if (got.kind === 'ok') return take({ seen: seenIn(kept.answered(got.data)) });
    take({ ...told, problem: problemOf(got) });
    // The stream may tell nothing of it for hours: what was refused is asked for again.
    asking.ask();
  }, askGapMs);
  dashboard.listen({ graph: changes.add, requests: () => undefined, anew: asking.ask }, signal);
  asking.ask();
  const stop = (): void => {
    asking.stop();
    changes.stop();
  };
  signal.addEventListener('abort', stop, { once: true });
}

function seenIn(graph: ServiceGraph): ServicesSeen {
  const sentence = servicesSentence(graph);
  return { graph, troubles: serviceTroubles(graph), ...(sentence !== undefined && { sentence }) };
}
