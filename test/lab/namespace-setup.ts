import type { Address, AddressPlan } from './address-plan.ts';
import type { Network } from './network.ts';
import type { NextHop, Routes } from './routes.ts';

/** The name of a link's device, the same at both ends. */
export function deviceName(link: number): string {
  return `link${link}`;
}

function addressCommands(device: string, address: Address): string[] {
  return [
    `link set ${device} addrgenmode none`,
    `address add ${address.v4}/${address.v4Prefix} dev ${device}`,
    `address add ${address.v6}/${address.v6Prefix} dev ${device} nodad`,
  ];
}

/** Values under /proc/sys/net. What an older kernel lacks is left out, not an error. */
function routerSettings(icmpRatelimit: number | undefined): string[] {
  const settings: [string, number][] = [
    ['ipv4/ip_forward', 1],
    ['ipv6/conf/all/forwarding', 1],
    ['ipv4/conf/all/rp_filter', 0],
    // a hop shows itself by the interface the packet came in by, so that parallel links can be told apart
    ['ipv4/icmp_errors_use_inbound_ifaddr', 1],
    ['ipv4/fib_multipath_hash_policy', 1],
    ['ipv6/fib_multipath_hash_policy', 1],
    // the same flow takes the same path in every run
    ['ipv4/fib_multipath_hash_seed', 1],
  ];
  if (icmpRatelimit !== undefined)
    settings.push(['ipv4/icmp_ratelimit', icmpRatelimit], ['ipv6/icmp/ratelimit', icmpRatelimit]);
  return settings.map(
    ([path, value]) => `[ ! -e /proc/sys/net/${path} ] || echo ${value} > /proc/sys/net/${path}`,
  );
}

function script(settings: string[], ipCommands: string[]): string {
  return [...settings, "ip -batch - <<'END'", ...ipCommands, 'END', ''].join('\n');
}

type Destination = { v4: string; v6: string; via: NextHop[] };

/** What a router must know: the way to each location's hosts, and to both ends of each link, so that hops answer too. */
function destinationsOf(router: string, network: Network, plan: AddressPlan, routes: Routes): Destination[] {
  const ways = routes.get(router);
  const locations = [...plan.gateways].map(([name, gateway]) => ({
    v4: gateway.v4.replace(/\.\d+$/, '.0/24'),
    v6: gateway.v6.replace(/::.*$/, '::/64'),
    via: ways?.get(name) ?? [],
  }));
  const links = network.links.map(({ between }, index) => {
    const [first] = plan.links[index] ?? [];
    const via = between.includes(router) ? [] : (ways?.get(between[0]) ?? []);
    return { v4: `${first?.v4}/31`, v6: `${first?.v6}/127`, via };
  });
  return [...locations, ...links].filter((destination) => destination.via.length > 0);
}

function nextHops(family: 'v4' | 'v6', via: NextHop[], network: Network, plan: AddressPlan): string {
  const hops = via.map(({ link, neighbour }) => {
    const end = network.links[link]?.between[0] === neighbour ? 0 : 1;
    return `via ${plan.links[link]?.[end][family]} dev ${deviceName(link)}`;
  });
  return hops.length === 1 ? (hops[0] ?? '') : hops.map((hop) => `nexthop ${hop}`).join(' ');
}

/** A router's static routes: by destination prefix, the rest of `ip route add`. */
export function routeTable(
  router: string,
  network: Network,
  plan: AddressPlan,
  routes: Routes,
): Map<string, string> {
  return new Map(
    destinationsOf(router, network, plan, routes).flatMap(({ v4, v6, via }): [string, string][] => [
      [v4, nextHops('v4', via, network, plan)],
      [v6, nextHops('v6', via, network, plan)],
    ]),
  );
}

function routeCommand([prefix, hops]: [string, string]): string {
  return `route add ${prefix} ${hops}`;
}

/** The `ip` commands that turn one route table into another, as a script; empty when they are the same. */
export function routeChanges(before: Map<string, string>, after: Map<string, string>): string {
  const gone = [...before].filter(([prefix, hops]) => after.get(prefix) !== hops);
  const fresh = [...after].filter(([prefix, hops]) => before.get(prefix) !== hops);
  if (gone.length + fresh.length === 0) return '';
  const commands = [...gone.map(([prefix]) => `route del ${prefix}`), ...fresh.map(routeCommand)];
  return script([], commands);
}

function lanCommands(gateway: Address, hostPids: number[]): string[] {
  return [
    'link add lan type bridge',
    ...addressCommands('lan', gateway),
    // neighbours are asked for from a link-local address, which a bridge without its own generation lacks
    'address add fe80::1/64 dev lan nodad',
    'link set lan up',
    ...hostPids.flatMap((pid, index) => [
      `link add host${index} type veth peer name eth0 netns ${pid}`,
      `link set host${index} addrgenmode none master lan up`,
    ]),
  ];
}

/**
 * The shell script that sets a router up: settings, the bridge of its location's hosts, links, routes.
 * @param hostPids for each host of its location, in order, the process that holds its namespaces
 */
export function routerScript(
  router: Network['routers'][number],
  network: Network,
  plan: AddressPlan,
  routes: Routes,
  hostPids: number[],
): string {
  const gateway = plan.gateways.get(router.name);
  const links = network.links.flatMap(({ between }, index) => {
    const address = plan.links[index]?.[between[0] === router.name ? 0 : 1];
    if (address === undefined || !between.includes(router.name)) return [];
    return [...addressCommands(deviceName(index), address), `link set ${deviceName(index)} up`];
  });
  return script(routerSettings(router.icmpRatelimit), [
    ...(gateway === undefined ? [] : lanCommands(gateway, hostPids)),
    ...links,
    ...[...routeTable(router.name, network, plan, routes)].map(routeCommand),
  ]);
}

/** The shell script that sets a host up, once its router has made `eth0`. */
export function hostScript(address: Address, gateway: Address): string {
  return script(
    [],
    [
      ...addressCommands('eth0', address),
      'link set eth0 up',
      `route add default via ${gateway.v4}`,
      `route add default via ${gateway.v6}`,
    ],
  );
}
