import type { GraphAnswer, GraphChanged, RequestsSeen } from '@netring/contract/graph';
import { createAsked } from '../live/asked.svelte.ts';
import type { Dashboard } from '../live/dashboard.svelte.ts';
import { untrack } from 'svelte';
import { batch } from './batch.ts';
import type { ServiceGraph } from './graph.ts';
import { withHidden } from './hidden.ts';
import type { RequestsTold } from './requests-told.ts';
import { createToldMeanwhile } from './told-meanwhile.ts';

/** The service graph as it stands, for components. */
export interface LiveGraph {
  readonly graph: ServiceGraph | undefined;
  /** Why it could not be fetched, as a sentence; empty when it was. */
  readonly problem: string;
  /** The last telling of requests. */
  readonly requests: RequestsTold | undefined;
}

/** A busy graph changes hundreds of times a second; twice is what people can follow. */
const restMs = 500;

/** The map says that it was refused until it is not, so it is asked for again by itself. Milliseconds. */
const retryMs = 5_000;

/** What filters hide is asked for again when the graph has changed, and not more often than this. */
const hiddenGapMs = 2_000;
const usuallyHidden = ['health_check', 'monitoring'];

function hiddenQuery(graph: ServiceGraph | undefined): string {
  const names = new Set([...usuallyHidden, ...Object.keys(graph?.metadata.hidden ?? {})]);
  return `topology?window=60s&include=${encodeURIComponent([...names].slice(0, 16).join(','))}`;
}

/** Whether services come that were not there: nobody should wait for those. */
function isMore(graph: ServiceGraph | undefined, { services }: GraphChanged): boolean {
  return graph !== undefined && services.some(({ service_id: id }) => !graph.services.has(id));
}

/** Fetches the graph, and keeps it current by the stream until `signal` aborts. `onRequests` says how many are shown; `undefined`: none can be. */
export function followGraph(
  dashboard: Dashboard,
  onRequests: (seen: RequestsSeen) => number | undefined,
  signal: AbortSignal,
  showsHidden: () => boolean = () => false,
): LiveGraph {
  const kept = createToldMeanwhile();
  const asked = createAsked<GraphAnswer>(
    () => {
      kept.asking();
      return 'topology';
    },
    1_000,
    retryMs,
  );
  let graph = $state.raw<ServiceGraph>();
  let requests = $state.raw<RequestsTold>();
  const changes = batch<GraphChanged>((some) => (graph = kept.told(some)), restMs);
  $effect(() => {
    if (asked.data !== undefined) graph = kept.answered(asked.data);
  });
  dashboard.listen(
    {
      graph: (changed) => changes.add(changed, isMore(graph, changed)),
      requests(seen) {
        const shown = onRequests(seen);
        requests = shown === undefined ? undefined : { shown, seen: seen.seen, atMs: seen.now_ms };
      },
      anew: asked.again,
    },
    signal,
  );
  asked.again();
  const hidden = createAsked<GraphAnswer>(() => hiddenQuery(graph), hiddenGapMs);
  $effect(() => {
    if (showsHidden() && graph !== undefined) untrack(hidden.again);
  });
  const whole = $derived(
    showsHidden() && graph !== undefined && hidden.data !== undefined
      ? withHidden(graph, hidden.data)
      : graph,
  );
  const stop = (): void => {
    hidden.stop();
    asked.stop();
    changes.stop();
  };
  signal.addEventListener('abort', stop, { once: true });
  return {
    get graph() {
      return whole;
    },
    get problem() {
      return asked.problem;
    },
    get requests() {
      return requests;
    },
  };
}
