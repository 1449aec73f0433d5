import type { AlertMemory } from './alert-state.ts';
import { alertId, type Finding } from './finding.ts';

/**
 * Loss of which nobody can say the way just now is taken for what it was a little while ago, where the counters of the far
 * end had found it on the way back: few packets tell no way, and are no second trouble.
 */
export function onKnownWays(bad: readonly Finding[], before: ReadonlyMap<string, AlertMemory>): Finding[] {
  const found = new Map<string, Finding>();
  const unsure = bad.filter(({ way }) => way === 'unknown');
  for (const one of bad) if (one.way !== 'unknown') found.set(one.id, one);
  for (const one of unsure) {
    const back = before.get(backId(one));
    const isBack = back?.way === 'known' && before.get(one.id)?.way !== 'known';
    const { id, subject, summary } = isBack ? back : one;
    if (!found.has(id)) found.set(id, { ...one, id, subject, summary });
  }
  return [...found.values()];
}

/** The same the other way round. */
function backId({ rule, subject }: Finding): string {
  const { source_location: from = '', target_location: to = '' } = subject;
  return alertId(rule, { ...subject, source_location: to, target_location: from });
}
