import { createRateLimit } from '@netring/service/rate-limit';

/**
 * What one member sends at most, ICMP and UDP probes and traces together, packets a second: no registry and no
 * configuration can raise it. A member that probes 32 others, all of whose paths lose, sends 1,300 UDP packets a second.
 */
export const maxPacketsPerS = 4000;

/** Hands out the right to send single packets. */
export interface PacketBudget {
  /** True: one packet may go now. */
  take(): boolean;
}

/** A token bucket that holds half a second's packets. */
export function createPacketBudget(now: () => number): PacketBudget {
  const limit = createRateLimit(maxPacketsPerS / 2, maxPacketsPerS);
  return { take: () => limit.take('all', now()) };
}
