import { expect, it } from 'vitest';
import { parseNetwork, type NetworkFile } from './network.ts';
import { shortestRoutes } from './routes.ts';

const link = (a: string, b: string, cost = 1) => ({ between: [a, b] as [string, string], rtt_ms: 1, cost });
const square = [link('a', 'x'), link('a', 'y'), link('x', 'b'), link('y', 'b')];

/** The way from a to b: for each next hop, the neighbour and the link's place in the file. */
function way(network: Omit<NetworkFile, 'locations'>, cut: number[] = []): string[] {
  const routes = shortestRoutes(parseNetwork({ locations: ['a', 'b'], ...network }), new Set(cut));
  return (routes.get('a')?.get('b') ?? []).map((hop) => `${hop.neighbour} over ${hop.link}`);
}

it.each<[situation: string, network: Omit<NetworkFile, 'locations'>, cut: number[], expected: string[]]>([
  ['a direct link', { links: [link('a', 'b')] }, [], ['b over 0']],
  ['no link', { links: [] }, [], []],
  [
    'a dear direct link',
    { routers: ['x'], links: [link('a', 'b', 3), link('a', 'x'), link('x', 'b')] },
    [],
    ['x over 1'],
  ],
  ['equal paths', { routers: ['x', 'y'], links: square }, [], ['x over 0']],
  ['equal paths in another order', { routers: ['x', 'y'], links: [...square].reverse() }, [], ['y over 2']],
  ['equal paths, all used', { ecmp: true, routers: ['x', 'y'], links: square }, [], ['x over 0', 'y over 1']],
  ['equal paths, one cut', { ecmp: true, routers: ['x', 'y'], links: square }, [2], ['y over 1']],
  ['all paths cut', { routers: ['x', 'y'], links: square }, [0, 3], []],
])('%s', (_, network, cut, expected) => {
  expect(way(network, cut)).toEqual(expected);
});

it('uses parallel links with names of their own', () => {
  const links = [
    { ...link('a', 'b'), name: 'upper' },
    { ...link('a', 'b'), name: 'lower' },
  ];
  expect(way({ ecmp: true, links })).toEqual(['b over 0', 'b over 1']);
});
