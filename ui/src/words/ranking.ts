import { bySeverity, severityOrder, type About, type Severity, type Trouble } from './trouble.ts';

type OfDependency = Extract<About, { dependency: string }>;

/**
 * The worst first. What lies under other trouble is as bad as that, and told before it: calls to a place fail when nothing
 * there answers.
 */
export function ranked(troubles: readonly Trouble[]): Trouble[] {
  const suffering = troubles.flatMap(({ severity, about }) =>
    about.flatMap((one) => ('dependency' in one ? [{ severity, one }] : [])),
  );
  if (suffering.length === 0) return bySeverity(troubles);
  const all = troubles.map((trouble) => {
    const under = suffering.filter(({ one }) => liesUnder(trouble, one)).map(({ severity }) => severity);
    return { isUnder: under.length > 0, trouble: { ...trouble, severity: worstOf(trouble.severity, under) } };
  });
  const first = [...all.filter(({ isUnder }) => isUnder), ...all.filter(({ isUnder }) => !isUnder)];
  return bySeverity(first.map(({ trouble }) => trouble));
}

function liesUnder({ severity, at, about }: Trouble, { from, to, isOwn }: OfDependency): boolean {
  // What is not known explains nothing.
  if (to === undefined || severity === 'unknown') return false;
  if (at !== undefined) return at === to;
  // An answer that came late or wrong has come: the path is not why.
  if (isOwn || from === undefined || from === to) return false;
  return about.some(
    (one) =>
      'target' in one &&
      ((one.source === from && one.target === to) || (one.source === to && one.target === from)),
  );
}

function worstOf(own: Severity, others: readonly Severity[]): Severity {
  return others.reduce((worst, one) => (severityOrder[one] < severityOrder[worst] ? one : worst), own);
}
