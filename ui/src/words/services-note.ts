import type { ServicesTold } from '../live/services.ts';
import { isolated } from './phrase.ts';

/** What a green says of services: how much of them is judged, or that and why it is not known. `undefined` as long as nothing was answered. */
export function servicesNote({ seen, problem }: ServicesTold): string | undefined {
  if (problem === undefined) return seen?.sentence;
  if (seen === undefined) return `services are not known: ${isolated(problem)}`;
  const before = seen.sentence === undefined ? 'services' : `${seen.sentence};`;
  return `${before} may have changed since: ${isolated(problem)}`;
}
