import { expect, it } from 'vitest';
import { addressPlan } from './address-plan.ts';
import { hostScript, routeChanges, routerScript, routeTable } from './namespace-setup.ts';
import { parseNetwork } from './network.ts';
import { shortestRoutes } from './routes.ts';

const pairs: [string, string][] = [['a', 'b'], ['b', 'c'], ['a', 'c']]; // prettier-ignore
const network = parseNetwork({
  locations: ['a', 'b', { name: 'c', icmp_ratelimit: 0 }],
  links: pairs.map((between) => ({ between, rtt_ms: 1 })),
});
const plan = addressPlan(network);
const table = (router: string, cut: number[] = []) =>
  routeTable(router, network, plan, shortestRoutes(network, new Set(cut)));

it('a router knows the way to every location and to both ends of every link', () => {
  expect(Object.fromEntries(table('a'))).toEqual({
    '10.2.0.0/24': 'via 10.255.0.1 dev link0',
    'fd00:2::/64': 'via fd00:ffff:1::3 dev link0',
    '10.3.0.0/24': 'via 10.255.0.5 dev link2',
    'fd00:3::/64': 'via fd00:ffff:3::3 dev link2',
    '10.255.0.2/31': 'via 10.255.0.1 dev link0',
    'fd00:ffff:2::2/127': 'via fd00:ffff:1::3 dev link0',
  });
});

it('equal-cost next hops stand in one route', () => {
  const parallel = ['upper', 'lower'].map((name) => ({
    name,
    between: ['a', 'b'] as [string, string],
    rtt_ms: 1,
  }));
  const equal = parseNetwork({ ecmp: true, locations: ['a', 'b'], links: parallel });
  const routes = routeTable('a', equal, addressPlan(equal), shortestRoutes(equal));
  expect(routes.get('10.2.0.0/24')).toBe('nexthop via 10.255.0.1 dev link0 nexthop via 10.255.0.3 dev link1');
});

it('only the routes that differ are changed, old ones first', () => {
  expect(routeChanges(table('a'), table('a'))).toBe('');
  expect(
    routeChanges(table('a'), table('a', [0, 1]))
      .split('\n')
      .slice(1, -2),
  ).toEqual([
    'route del 10.2.0.0/24',
    'route del fd00:2::/64',
    'route del 10.255.0.2/31',
    'route del fd00:ffff:2::2/127',
  ]);
  expect(routeChanges(table('c'), table('c', [2]))).toContain(
    'route add 10.1.0.0/24 via 10.255.0.2 dev link1\n',
  );
});

it('a router gets the ICMP limit of the file, and the default of the kernel where the file is silent', () => {
  const routes = shortestRoutes(network);
  const scripts = network.routers.map((router) => routerScript(router, network, plan, routes, [42]));
  expect(scripts.map((script) => /echo (\d+) > \S+icmp_ratelimit/.exec(script)?.[1])).toEqual([
    undefined,
    undefined,
    '0',
  ]);
  expect(scripts[0]).toContain('link add host0 type veth peer name eth0 netns 42\n');
});

it('a host has one way out', () => {
  const [address, gateway] = [plan.hosts.get('a'), plan.gateways.get('a')];
  if (address === undefined || gateway === undefined) throw new Error('the plan lacks location a');
  expect(hostScript(address, gateway)).toContain('address add 10.1.0.10/24 dev eth0\n');
  expect(hostScript(address, gateway)).toContain('route add default via 10.1.0.1\n');
});
