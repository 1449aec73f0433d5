import type { GraphAnswer, GraphChanged } from '@netring/contract/graph';
import { graphFrom, withGraphChanges, type ServiceGraph } from './graph.ts';

/** The service graph, put together from what was asked for and what the stream told meanwhile. */
export interface ToldMeanwhile {
  /** The whole graph is being asked for: what was told before is in the answer, what is told from now on may not be. */
  readonly asking: () => void;
  /** The graph of the answer, with what was told since it was asked for. */
  readonly answered: (answer: GraphAnswer) => ServiceGraph;
  /** The graph with these changes; `undefined` as long as there was no answer. */
  readonly told: (changes: readonly GraphChanged[]) => ServiceGraph | undefined;
}

/** Nothing is known yet, and nothing is remembered before the first `asking`. */
export function createToldMeanwhile(): ToldMeanwhile {
  let graph: ServiceGraph | undefined;
  /** Absent while no answer is awaited. */
  let meanwhile: GraphChanged[] | undefined;
  return {
    asking: () => {
      meanwhile = [];
    },
    answered: (answer) => {
      graph = withGraphChanges(graphFrom(answer), meanwhile ?? []);
      meanwhile = undefined;
      return graph;
    },
    told: (changes) => {
      meanwhile?.push(...changes);
      if (graph !== undefined) graph = withGraphChanges(graph, changes);
      return graph;
    },
  };
}
