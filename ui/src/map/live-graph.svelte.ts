import type { GraphAnswer, GraphChanged, RequestsSeen } from '@netring/contract/graph';
import { createAsked } from '../live/asked.svelte.ts';
import type { Dashboard } from '../live/dashboard.svelte.ts';
import { frameBatch } from '../live/frame-batch.ts';
import { graphFrom, withGraphChange, type ServiceGraph } from './graph.ts';

/** The service graph as it stands, for components. */
export interface LiveGraph {
  readonly graph: ServiceGraph | undefined;
  /** Why it could not be fetched, as a sentence; empty when it was. */
  readonly problem: string;
  /** Of the last telling of requests: how many are shown of how many there were. */
  readonly shown: { shown: number; seen: number } | undefined;
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
  const apply = frameBatch<GraphChanged>((changes) => {
    if (graph === undefined) early.push(...changes);
    else graph = changes.reduce(withGraphChange, graph);
  });
  $effect(() => {
    if (asked.data === undefined) return;
    graph = early.reduce(withGraphChange, graphFrom(asked.data));
    early = [];
  });
  dashboard.listen(
    {
      graph: apply,
      requests(seen) {
        shown = { shown: seen.items.length, seen: seen.seen };
        onRequests(seen);
      },
      anew: asked.again,
    },
    signal,
  );
  asked.again();
  signal.addEventListener('abort', asked.stop, { once: true });
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
