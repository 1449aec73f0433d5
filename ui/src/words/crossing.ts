import type { Incident } from '@netring/contract/alert';
import { counted } from './measure.ts';
import type { Phrase } from './phrase.ts';

/** `6 dependencies of orders and payments cross it`, of the place that an incident is about; empty where nothing was seen to. */
export function crossingPhrases({ crossing }: Pick<Incident, 'crossing'>): Phrase[] {
  if (crossing === undefined || crossing.dependencies === 0) return [];
  const { dependencies, services, more_services: more, now } = crossing;
  const names: Phrase[] = services.map((name) => ({ name }));
  if (more > 0) names.push(counted(more, 'other service'));
  const verb = now
    ? dependencies === 1
      ? 'crosses it'
      : 'cross it'
    : 'crossed it before its traffic stopped';
  const of = names.length === 0 ? [] : [' of ', ...joined(names)];
  return [counted(dependencies, 'dependency', 'dependencies'), ...of, ` ${verb}`];
}

/** `a`, `a and b`, `a, b and c`. */
function joined(names: readonly Phrase[]): Phrase[] {
  return names.flatMap((name, at) => [...(at === 0 ? [] : [at === names.length - 1 ? ' and ' : ', ']), name]);
}
