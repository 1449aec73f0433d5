import type { RuleName } from '@netring/contract/alert';

/** Of a dependency that does badly. */
export const dependencyRules = ['dependency_slow', 'dependency_failing'] as const satisfies RuleName[];

/** Of what came into the service graph, and what went: nothing is wrong with it. */
export const newsRules = [
  'service_new',
  'service_lost',
  'dependency_new',
  'dependency_lost',
] as const satisfies RuleName[];

export function isOfDependency(rule: RuleName): boolean {
  return (dependencyRules as readonly RuleName[]).includes(rule);
}

export function isNews(rule: RuleName): boolean {
  return (newsRules as readonly RuleName[]).includes(rule);
}
