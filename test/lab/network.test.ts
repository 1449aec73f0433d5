import { readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { parseNetwork, readNetwork } from './network.ts';
import { networkPath } from './programs.ts';

const between = ['a', 'b'];
const link = { between, rtt_ms: 10 };
const locations = ['a', 'b'];

it.each(readdirSync(dirname(networkPath(''))))('the network %s is valid', (file) => {
  expect(readNetwork(join(dirname(networkPath('')), file)).locations.length).toBeGreaterThan(1);
});

it('fills in defaults: one host, a symmetric clean link, fixed single routes', () => {
  expect(parseNetwork({ locations, links: [link] })).toEqual({
    reroute: false,
    ecmp: false,
    locations: locations.map((name) => ({ name, hosts: [{ name, fullName: name }] })),
    routers: locations.map((name) => ({ name, icmpRatelimit: undefined })),
    links: [
      {
        name: undefined,
        between,
        cost: 1,
        conditions: {
          delayMs: 5,
          jitterMs: 0,
          lossRatio: 0,
          rateMbit: null,
          queueBytes: 64_000,
          cut: false,
          lossyFlows: null,
        },
      },
    ],
  });
});

it('halves the round trip and sizes the queue of a rate at 50 ms', () => {
  const { links } = parseNetwork({ locations, links: [{ ...link, rtt_ms: 41, rate_mbit: 100 }] });
  expect(links[0]?.conditions).toMatchObject({ delayMs: 20.5, rateMbit: 100, queueBytes: 625_000 });
});

it('names hosts after their location', () => {
  const network = parseNetwork({ locations: [{ name: 'us1', hosts: ['a', 'b'] }] });
  expect(network.locations[0]?.hosts.map((host) => host.fullName)).toEqual(['us1-a', 'us1-b']);
});

it.each<[problem: string, data: unknown, message: string]>([
  ['nothing', null, 'x.yaml: top level: Invalid input: expected object, received null'],
  ['no location', { locations: [] }, 'x.yaml: locations: Too small: expected array to have >=1 items'],
  ['an unknown key', { locations, speed: 1 }, 'x.yaml: top level: Unrecognized key: "speed"'],
  [
    'an illegal name',
    { locations: ['US 1'] },
    'x.yaml: locations[0].name: must begin with a letter and hold only lower-case letters, digits and "-", at most 20',
  ],
  [
    'two problems at once',
    { locations, links: [{ between, rtt_ms: '10', loss: 2 }] },
    'x.yaml: links[0].rtt_ms: Invalid input: expected number, received string\n' +
      'x.yaml: links[0].loss: Too big: expected number to be <=1',
  ],
  [
    'an end that is not there',
    { locations, links: [{ between: ['a', 'c'], rtt_ms: 1 }] },
    'x.yaml: links[0].between: no location or router is named c',
  ],
  [
    'a link to itself',
    { locations, links: [{ between: ['a', 'a'], rtt_ms: 1 }] },
    'x.yaml: links[0].between: joins a with itself',
  ],
  [
    'parallel links without names',
    { locations, links: [link, { between: ['b', 'a'], rtt_ms: 1 }] },
    'x.yaml: links[1].between: a second link between b and a needs a name of its own',
  ],
  ['a name twice', { locations: ['a', 'a'] }, 'x.yaml: locations, routers: the name a is taken twice'],
  [
    'a router that a host would be mistaken for',
    { locations: [{ name: 'a', hosts: ['x'] }], routers: ['a-x'] },
    'x.yaml: locations, routers: the name a-x is taken twice',
  ],
])('refuses %s', (_, data, message) => {
  expect(() => parseNetwork(data, 'x.yaml')).toThrow(new Error(message));
});

it('refuses what is not YAML, with line and column', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'network-'));
  const file = join(folder, 'broken.yaml');
  await writeFile(file, 'locations: [a, b\nlinks: []\n');
  expect(() => readNetwork(file)).toThrow(/^.*broken\.yaml: .* at line 2, column 1/);
  await rm(folder, { recursive: true });
});
