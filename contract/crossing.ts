import { z } from 'zod';

/** What runs over a place that is in trouble, as the service graph and the paths under it tell. */
export const incidentCrossing = z.object({
  /** How many dependencies. */
  dependencies: z.number().int(),
  /** Names of the services that call over it, those with most such dependencies first; a few of them. */
  services: z.array(z.string()),
  /** Services beyond those named. */
  more_services: z.number().int(),
  /** False: none was seen there lately; these are those that crossed it before. */
  now: z.boolean(),
});
export type IncidentCrossing = z.infer<typeof incidentCrossing>;

/** `6 dependencies of orders and payments cross it`: to be said after the sentence of an incident. */
export function crossingSentence({ dependencies, services, more_services, now }: IncidentCrossing): string {
  const one = dependencies === 1;
  const verb = now ? (one ? 'crosses it' : 'cross it') : 'crossed it before its traffic stopped';
  return `${dependencies} ${one ? 'dependency' : 'dependencies'} of ${listed(services, more_services)} ${verb}`;
}

function listed(names: readonly string[], more: number): string {
  const all = more === 0 ? names : [...names, `${more} other service${more === 1 ? '' : 's'}`];
  if (all.length < 2) return all.join('');
  return `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`;
}
