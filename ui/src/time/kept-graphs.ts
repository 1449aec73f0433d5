import type { GraphAnswer } from '@netring/contract/graph';
import { graphFrom, type ServiceGraph } from '../map/graph.ts';
import type { Span } from './moment.ts';

/** Graphs of past windows that were fetched already. */
export interface KeptGraphs {
  get(span: Span): ServiceGraph | undefined;
  /** Takes the answer for a window; it is kept when nothing may be added to that window any more. */
  take(span: Span, answer: GraphAnswer): ServiceGraph;
}

/** So long after a window is over members may still add to it. */
const settledMs = 60_000;

/** Keeps graphs of at most so many dependencies together; those that were looked at longest ago go first. */
export function createKeptGraphs(mostDependencies = 60_000): KeptGraphs {
  const kept = new Map<string, ServiceGraph>();
  return {
    get(span) {
      const key = keyOf(span);
      const found = kept.get(key);
      if (found === undefined) return undefined;
      kept.delete(key);
      kept.set(key, found);
      return found;
    },
    take(span, answer) {
      const graph = { ...graphFrom(answer), atMs: span.toMs };
      if (answer.now_ms - span.toMs >= settledMs) kept.set(keyOf(span), graph);
      let count = [...kept.values()].reduce((sum, one) => sum + one.dependencies.size, 0);
      for (const [key, one] of kept) {
        if (count <= mostDependencies) break;
        kept.delete(key);
        count -= one.dependencies.size;
      }
      return graph;
    },
  };
}

function keyOf({ fromMs, toMs }: Span): string {
  return `${fromMs} ${toMs}`;
}
