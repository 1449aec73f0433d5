import type { GraphAnswer } from '@netring/contract/graph';
import { counted } from '../words/measure.ts';
import type { ServiceGraph } from './graph.ts';

const filterWords: Record<string, string> = {
  health_check: 'of health checks',
  monitoring: 'of scrapers and probes',
};

/** `420 requests hidden: 120 of health checks, 300 of scrapers and probes`; `undefined` when nothing is. */
export function hiddenWords(hidden: GraphAnswer['metadata']['hidden']): string | undefined {
  const some = Object.entries(hidden).filter(([, requests]) => requests > 0);
  const [only, ...others] = some;
  if (only === undefined) return undefined;
  const told = (name: string): string => filterWords[name] ?? `of ${name.replaceAll('_', ' ')}`;
  const total = some.reduce((sum, [, requests]) => sum + requests, 0);
  if (others.length === 0) return `${counted(total, 'request')} ${told(only[0])} hidden`;
  return `${counted(total, 'request')} hidden: ${some.map(([name, count]) => `${count} ${told(name)}`).join(', ')}`;
}

/** The live graph with what filters hide of its minute. What is in both is told as the live graph tells it. */
export function withHidden(graph: ServiceGraph, shown: GraphAnswer): ServiceGraph {
  const services = new Map([...Object.entries(shown.services), ...graph.services]);
  const dependencies = new Map(shown.dependencies.map((one) => [one.id, one]));
  for (const [id, one] of graph.dependencies) dependencies.set(id, one);
  const positions = new Map([...Object.entries(shown.positions), ...graph.positions]);
  return { ...graph, services, dependencies, positions };
}
