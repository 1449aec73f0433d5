import type { GraphAnswer, GraphChanged, RequestsSeen } from '@netring/contract/graph';
import { createAsked } from '../live/asked.svelte.ts';
import type { Dashboard } from '../live/dashboard.svelte.ts';
import { batch } from './batch.ts';
import { graphFrom, withGraphChanges, type ServiceGraph } from './graph.ts';

/** The service graph as it stands, for components. */
export interface LiveGraph {
  readonly graph: ServiceGraph | undefined;
  /** Why it could not be fetched, as a sentence; empty when it was. */
  readonly problem: string;
  /** Of the last telling of requests: how many are shown of how many there were. */
  readonly shown: { shown: number; seen: number } | undefined;
}

/** A busy graph changes hundreds of times a second; twice is what people can follow. */
const restMs = 500;

/** Whether services come that were not there: nobody should wait for those. */
function isMore(graph: ServiceGraph | undefined, { services }: GraphChanged): boolean {
  return graph !== undefined && services.some(({ service_id: id }) => !graph.services.has(id));
}

/** Fetches the graph, and keeps it current by the stream until `signal` aborts. */
export function followGraph(
  dashboard: Dashboard,
  onRequests: (seen: RequestsSeen) => void,
  signal: AbortSignal,
): LiveGraph {
  const asked = createAsked<GraphAnswer>(() => 'topology', 1_000);
  let graph = $state.raw<ServiceGraph>();
  let shown = $state.raw<{ shown: number; seen: number }>();
  /** What was told while the answer was on its way. */
  let early: GraphChanged[] = [];
  const changes = batch<GraphChanged>((some) => {
    if (graph === undefined) early.push(...some);
    else graph = withGraphChanges(graph, some);
  }, restMs);
  $effect(() => {
    if (asked.data === undefined) return;
    graph = withGraphChanges(graphFrom(asked.data), early);
    early = [];
  });
  dashboard.listen(
    {
      graph: (changed) => changes.add(changed, isMore(graph, changed)),
      requests(seen) {
        shown = { shown: seen.items.length, seen: seen.seen };
        onRequests(seen);
      },
      anew: asked.again,
    },
    signal,
  );
  asked.again();
  const stop = (): void => {
    asked.stop();
    changes.stop();
  };
  signal.addEventListener('abort', stop, { once: true });
  return {
    get graph() {
      return graph;
    },
    get problem() {
      return asked.problem;
    },
    get shown() {
      return shown;
    },
  };
}
