import type { ClaimIndex } from './claim-index.ts';
import { inForce, type HostClaim, type Point, type ServiceClaim } from './claim.ts';

const wildcards = new Set(['0.0.0.0', '::']);

/**
 * Services of a machine's main network namespace that answer at a point: those bound to the very address, else those
 * bound to all. Loopback ones answer only there.
 */
export function listenersAt(
  { services }: HostClaim,
  { host, port, transport }: Point & { transport: 'tcp' | 'udp' },
): ServiceClaim[] {
  if (port === undefined) return [];
  const bound = (isBound: (address: string) => boolean): ServiceClaim[] =>
    services.filter(
      (one) =>
        one.ownAddresses === undefined &&
        one.listeners.some((at) => at.port === port && at.transport === transport && isBound(at.address)),
    );
  const exact = bound((address) => address === host);
  if (exact.length > 0) return exact;
  // An IPv4 wildcard hears no IPv6; the other way round it usually does.
  return bound((address) => wildcards.has(address) && (address === '::' || !host.includes(':')));
}

/** Services in a namespace of their own that have an address; of these machines only, where they are given. */
export function ownersAt(
  index: ClaimIndex,
  address: string,
  atMs: number,
  hosts?: readonly HostClaim[],
): ServiceClaim[] {
  const owners = index.owners(address);
  if (owners.length === 0) return [];
  const known = hosts === undefined ? owners : owners.filter(({ host }) => hosts.includes(host));
  return inForce(known, ({ host }) => host.time, atMs);
}
