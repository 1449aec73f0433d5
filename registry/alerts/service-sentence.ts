import type { AlertMemory } from './alert-state.ts';
import { isOfDependency } from './graph-rules.ts';
import { listed } from './member-findings.ts';

/**
 * What a service does to those that call it; with what it calls itself that is in trouble too, which may be why, and may not.
 *
 * @param everything all alerts, of other causes too
 */
export function sentenceOfService(
  service: string,
  alerts: readonly AlertMemory[],
  everything: readonly AlertMemory[],
): string {
  const calls = alerts.filter(({ rule }) => isOfDependency(rule));
  if (calls.length === 0) return alerts[0]?.summary ?? '';
  const behind = everything.filter(
    ({ rule, state, subject }) =>
      isOfDependency(rule) &&
      state === 'firing' &&
      subject.source_service === service &&
      subject.target_service !== service,
  );
  const called = [...new Set(behind.map(({ subject }) => subject.target_service ?? ''))].sort();
  const also = called.length === 0 ? '' : `; what it calls is in trouble too: ${listed(called, 3)}`;
  return `${sentenceOfCalls(calls)}${also}`;
}

/** The worst of some calls, and how many there are beside it: failing before slow, then what has held longest. */
export function sentenceOfCalls(alerts: readonly AlertMemory[]): string {
  const calls = alerts.filter(({ rule }) => isOfDependency(rule));
  const [first] = [...calls].sort(
    (a, b) =>
      Number(isFailing(b)) - Number(isFailing(a)) ||
      Number(b.state === 'firing') - Number(a.state === 'firing') ||
      a.pendingSinceMs - b.pendingSinceMs ||
      (a.id < b.id ? -1 : 1),
  );
  if (first === undefined) return alerts[0]?.summary ?? '';
  const others = new Set(calls.map(({ subject }) => subject.dependency)).size - 1;
  if (others === 0) return first.summary;
  const alike = others === 1 ? 'another dependency does so too' : `${others} other dependencies do so too`;
  return `${first.summary}; ${alike}`;
}

function isFailing({ rule }: AlertMemory): boolean {
  return rule === 'dependency_failing';
}
