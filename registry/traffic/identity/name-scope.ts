import { isInside } from '@netring/topology';
import type { HostClaim, ServiceClaim } from './claim.ts';

/** One of the places that a name is looked up in. */
export interface NameScope {
  holds: (host: HostClaim) => boolean;
  /** Whether the service can be what the name leads to there. */
  leadsTo: (service: ServiceClaim) => boolean;
}

/**
 * Where a name is looked up: on the own machine, then in the location, then everywhere. A bare name, or one of somebody's
 * own network, means something else elsewhere; what a span calls its peer is the service's own name, wherever it runs.
 *
 * @param own what the member that saw the name says of its machine
 */
export function nameScopes(
  name: string,
  viewer: { member: string; location: string },
  own: readonly HostClaim[],
  isPeer: boolean,
): NameScope[] {
  // Several members may be on one machine.
  const isHere = (host: HostClaim): boolean =>
    host.member === viewer.member ||
    own.some((one) => one.name === host.name && one.location === host.location);
  const leadsTo = (service: ServiceClaim): boolean => isPeer || isHere(service.host) || !isHidden(service);
  const places: NameScope['holds'][] = [
    ({ member }) => member === viewer.member,
    ({ location }) => location === viewer.location,
  ];
  if (isPeer || !isInside(name)) places.push(() => true);
  return places.map((holds) => ({ holds, leadsTo }));
}

/** A container behind a bridge: from elsewhere neither its addresses nor its names lead to it. */
function isHidden({ reach, ownAddresses }: ServiceClaim): boolean {
  return reach === 'host' && ownAddresses !== undefined;
}
