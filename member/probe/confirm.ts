import { answered, type Result } from '@netring/contract/result';

/** What one check of one target found: the result that counts, and the attempts of all its tries. */
export interface Measured {
  key: string;
  result: Result;
  /** When the first of what it tells of went out, at the earliest, on the machine's monotonic clock. */
  startedMs: number;
  /** Attempts that went out; a lost SYN and its repetition are two. */
  sent: number;
  /** Attempts that nothing answered. */
  lost: number;
  /** Every round trip of a result that stands for several packets, milliseconds. */
  latencies?: number[];
  /** When this check comes next, on the machine's monotonic clock, where that is known. */
  nextMs?: number;
}

/** One try: what it found, and its round trips when it sent several packets. */
export interface Attempt {
  result: Result;
  latencies?: number[];
}

/**
 * Tries once, and a second time at once when that failed: a failure counts only when the second try confirms it. When
 * the second one succeeds the check is `ok`, and the first one's loss is not forgotten.
 */
export async function confirmed(
  key: string,
  attempt: () => Promise<Attempt>,
): Promise<Omit<Measured, 'startedMs'>> {
  const { result: first, ...times } = await attempt();
  if (first.outcome === 'ok' || first.outcome === 'void')
    return { key, result: first, ...attemptsOf(first), ...times };
  const { result: second, ...secondTimes } = await attempt();
  if (second.outcome === 'void') return { key, result: second, sent: 0, lost: 0 };
  const [a, b] = [attemptsOf(first), attemptsOf(second)];
  const result = second.outcome === 'ok' ? second : { ...second, confirmed: true };
  return { key, result, sent: a.sent + b.sent, lost: a.lost + b.lost, ...secondTimes };
}

/** How many attempts a result stands for, and how many of them nothing answered. Packets are attempts. */
export function attemptsOf(result: Result): { sent: number; lost: number } {
  if (result.kind === 'icmp' || result.kind === 'udp') {
    // The machine there has answered, though nobody on that port.
    const lost = result.outcome === 'refused' ? 0 : result.sent - result.received;
    return { sent: result.sent, lost };
  }
  const retransmits = result.kind === 'tcp' ? (result.syn_retransmits ?? 0) : 0;
  if (result.outcome === 'void' || result.outcome === 'resolve_failed') return { sent: 0, lost: 0 };
  return { sent: 1 + retransmits, lost: answered(result) ? retransmits : 1 + retransmits };
}
