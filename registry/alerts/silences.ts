import type { AlertSubject, RuleName, Silence } from '@netring/contract/alert';
import { matches } from '@netring/contract/silence-match';

/** The silences that cover an alert at a moment: a pure function. */
export function silencesOf(
  alert: { rule: RuleName; subject: AlertSubject },
  silences: Iterable<Silence>,
  nowMs: number,
): string[] {
  return [...silences]
    .filter((one) => isInForce(one, nowMs) && matches(one.matcher, alert))
    .map(({ id }) => id)
    .sort();
}

export function isInForce({ from_ms, to_ms }: Silence, nowMs: number): boolean {
  return from_ms <= nowMs && nowMs < to_ms;
}
