import type { HostClaim } from './claim.ts';

export function isLoopback(host: string): boolean {
  return host === '::1' || host.startsWith('127.');
}

/**
 * Whether an address stands for the machine that speaks of it. Loopback ones do, except where several members share a
 * machine and each was given some of them as its own: there they are addresses like others.
 *
 * @param own what the member that saw the address says of its machine
 */
export function meansItself(address: string, own: readonly HostClaim[]): boolean {
  return isLoopback(address) && !own.some(({ addresses }) => [...addresses].some(isLoopback));
}
