import type { Network } from './network.ts';

/** One address in both families, with the length of its prefix in each. */
export type Address = { v4: string; v6: string; v4Prefix: number; v6Prefix: number };

/** Who has which address. Addresses depend on nothing but the order of names in the file. */
export type AddressPlan = {
  /** By full host name. */
  hosts: Map<string, Address>;
  /** The address of a location's router towards its hosts, by location: their default gateway. */
  gateways: Map<string, Address>;
  /** By index of the link: the addresses of its two ends. */
  links: [Address, Address][];
};

function hostAddress(location: number, host: number): Address {
  const network = location + 1;
  return { v4: `10.${network}.0.${host}`, v6: `fd00:${network}::${host}`, v4Prefix: 24, v6Prefix: 64 };
}

function linkAddress(link: number, end: 0 | 1): Address {
  const number = link * 2 + end;
  return {
    v4: `10.255.${number >> 8}.${number & 255}`,
    v6: `fd00:ffff:${(link + 1).toString(16)}::${end + 2}`,
    v4Prefix: 31,
    v6Prefix: 127,
  };
}

/** Location n is 10.n.0.0/24 and fd00:n::/64 (gateway .1, hosts from .10 on); link n is a /31 of 10.255.0.0/16. */
export function addressPlan(network: Network): AddressPlan {
  const hosts = network.locations.flatMap((location, index) =>
    location.hosts.map((host, number) => [host.fullName, hostAddress(index, 10 + number)] as const),
  );
  const gateways = network.locations.map(
    (location, index) => [location.name, hostAddress(index, 1)] as const,
  );
  return {
    hosts: new Map(hosts),
    gateways: new Map(gateways),
    links: network.links.map((_, index) => [linkAddress(index, 0), linkAddress(index, 1)]),
  };
}

function routerNames(network: Network, plan: AddressPlan): [Address, string][] {
  const locations = network.locations.map((location) => location.name);
  const named = network.routers.slice(locations.length).flatMap((router): [Address, string][] => {
    const index = network.links.findIndex((link) => link.between.includes(router.name));
    const end = network.links[index]?.between[0] === router.name ? 0 : 1;
    const address = plan.links[index]?.[end];
    return address === undefined ? [] : [[address, router.name]];
  });
  return [
    ...[...plan.gateways].map(([name, address]): [Address, string] => [address, `${name}-router`]),
    ...named,
  ];
}

/**
 * The text of /etc/hosts in every location: hosts by full name (the first host of a location also by the location's),
 * the routers of locations as `<location>-router`, other routers by name.
 */
export function hostsFile(network: Network, plan: AddressPlan): string {
  const firstOf = new Map(network.locations.map((location) => [location.hosts[0]?.fullName, location.name]));
  const hosts = [...plan.hosts].map(([fullName, address]): [Address, string] => {
    const location = firstOf.get(fullName);
    return [address, location === undefined || location === fullName ? fullName : `${fullName} ${location}`];
  });
  const lines = [...hosts, ...routerNames(network, plan)].flatMap(([address, names]) => [
    `${address.v4} ${names}`,
    `${address.v6} ${names}`,
  ]);
  return ['127.0.0.1 localhost', '::1 localhost', ...lines, ''].join('\n');
}
