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
export function createPacketBudget(now: () => number, perS = maxPacketsPerS): PacketBudget {
  const most = perS / 2;
  let tokens = most;
  let lastMs = now();
  return {
    take() {
      const nowMs = now();
      tokens = Math.min(most, tokens + ((nowMs - lastMs) * perS) / 1000);
      lastMs = nowMs;
      if (tokens < 1) return false;
      tokens--;
      return true;
    },
  };
}
