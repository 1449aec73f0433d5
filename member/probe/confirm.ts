import type { Result } from '@netring/contract/result';

/** What one check of one target found: the result that counts, and the attempts of all its tries. */
export interface Measured {
  key: string;
  result: Result;
  /** Attempts that went out; a lost SYN and its repetition are two. */
  sent: number;
  /** Attempts that nothing answered. */
  lost: number;
}

/**
 * Tries once, and a second time at once when that failed: a failure counts only when the second try confirms it. When
 * the second one succeeds the check is `ok`, and the first one's loss is not forgotten.
 */
export async function confirmed(key: string, attempt: () => Promise<Result>): Promise<Measured> {
  const first = await attempt();
  if (first.outcome === 'ok' || first.outcome === 'void') return { key, result: first, ...attemptsOf(first) };
  const second = await attempt();
  if (second.outcome === 'void') return { key, result: second, sent: 0, lost: 0 };
  const [a, b] = [attemptsOf(first), attemptsOf(second)];
  const result = second.outcome === 'ok' ? second : { ...second, confirmed: true };
  return { key, result, sent: a.sent + b.sent, lost: a.lost + b.lost };
}

/** How many attempts a result stands for, and how many of them nothing answered. */
export function attemptsOf(result: Result): { sent: number; lost: number } {
  const retransmits = result.kind === 'tcp' ? (result.syn_retransmits ?? 0) : 0;
  switch (result.outcome) {
    case 'void':
    case 'resolve_failed':
      return { sent: 0, lost: 0 };
    case 'timeout':
    case 'unreachable':
    case 'inconclusive':
      return { sent: 1 + retransmits, lost: 1 + retransmits };
    default:
      return { sent: 1 + retransmits, lost: retransmits };
  }
}
