import type { GraphAnswer } from '@netring/contract/graph';
import { untrack } from 'svelte';
import { askJson } from '../live/ask.ts';
import type { ServiceGraph } from '../map/graph.ts';
import { compareGraphs, unitedGraph, type Comparison } from './compare.ts';
import { createKeptGraphs } from './kept-graphs.ts';
import { comparedSpans, spanOf, type Span, type TimeAddress } from './moment.ts';

/** The service graph of the past that the map shows, for components. */
export interface PastGraph {
  /** `undefined`: the map shows the present. While another time is fetched, the one before it stays. */
  readonly graph: ServiceGraph | undefined;
  /** Which time `graph` is of. */
  readonly shown: TimeAddress | undefined;
  /** What changed, when two times are compared; `graph` then holds both. */
  readonly comparison: Comparison | undefined;
  readonly loading: boolean;
  /** Why it could not be fetched, as a sentence; empty when it was. */
  readonly problem: string;
}

interface Found {
  graph: ServiceGraph;
  shown: TimeAddress;
  comparison?: Comparison;
}

/** Health checks and scrapes, which filters keep out otherwise. */
const hiddenToo = '&include=health_check,monitoring';

/**
 * Follows which time is asked for, and whether with what filters hide, until `signal` aborts. Called while a component is
 * set up.
 */
export function followPast(
  wanted: () => TimeAddress | undefined,
  signal: AbortSignal,
  showsHidden: () => boolean = () => false,
): PastGraph {
  const [plain, whole] = [createKeptGraphs(), createKeptGraphs()];
  let found = $state.raw<Found>();
  let loading = $state(false);
  let problem = $state('');

  const graphOf = async (span: Span, until: AbortSignal): Promise<ServiceGraph> => {
    const isWhole = untrack(showsHidden);
    const kept = isWhole ? whole : plain;
    const known = kept.get(span);
    if (known !== undefined) return known;
    const path = `topology?from=${span.fromMs}&to=${span.toMs}${isWhole ? hiddenToo : ''}`;
    const answer = await askJson<GraphAnswer>(path, until);
    if (answer.kind !== 'ok')
      throw new Error(answer.kind === 'denied' ? 'The registry wants the view token again.' : answer.reason);
    return kept.take(span, answer.data);
  };
  const find = async (time: TimeAddress, until: AbortSignal): Promise<Found> => {
    if (time.against === undefined) return { graph: await graphOf(spanOf(time.at), until), shown: time };
    const spans = comparedSpans(time.at, time.against);
    const before = await graphOf(spans.before, until);
    const after = await graphOf(spans.after, until);
    return { graph: unitedGraph(before, after), shown: time, comparison: compareGraphs(before, after) };
  };
  const load = async (time: TimeAddress, until: AbortSignal): Promise<void> => {
    try {
      found = await find(time, until);
      problem = '';
    } catch (cause) {
      if (until.aborted) return;
      problem = cause instanceof Error ? cause.message : String(cause);
    }
    loading = false;
  };

  // The address is made anew with every step; only another time is another question.
  const asked = $derived(JSON.stringify(wanted()));
  $effect(() => {
    void showsHidden();
    const time = asked === undefined ? undefined : (JSON.parse(asked) as TimeAddress);
    problem = '';
    loading = time !== undefined;
    if (time === undefined) {
      found = undefined;
      return;
    }
    const leaving = new AbortController();
    void load(time, AbortSignal.any([leaving.signal, signal]));
    return () => leaving.abort();
  });

  return {
    get graph() {
      return asked === undefined ? undefined : found?.graph;
    },
    get shown() {
      return asked === undefined ? undefined : found?.shown;
    },
    get comparison() {
      return asked === undefined ? undefined : found?.comparison;
    },
    get loading() {
      return loading;
    },
    get problem() {
      return problem;
    },
  };
}
