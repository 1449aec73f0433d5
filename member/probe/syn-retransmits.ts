import { readFileSync } from 'node:fs';

/** The kernel waits this long before it sends a SYN again (RFC 6298). */
export const firstSynWaitMs = 1000;

/**
 * How many SYNs the kernel has sent again after `elapsedMs` of connecting. It waits 1 s before the first, and doubles
 * the wait each time; since Linux 6.5 it only begins to double after `linear` more (`tcp_syn_linear_timeouts`).
 */
export function synRetransmits(elapsedMs: number, linear: number): number {
  let waitMs = firstSynWaitMs;
  let atMs = firstSynWaitMs;
  let count = 0;
  while (atMs <= elapsedMs && count < 10) {
    count++;
    if (count > linear) waitMs *= 2;
    atMs += waitMs;
  }
  return count;
}

/** The kernel's setting; 0 where it has none. */
export function synLinearTimeouts(path = '/proc/sys/net/ipv4/tcp_syn_linear_timeouts'): number {
  try {
    return Number.parseInt(readFileSync(path, 'utf8'), 10) || 0;
  } catch {
    return 0;
  }
}
