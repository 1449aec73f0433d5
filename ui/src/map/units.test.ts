import type { GraphDependency, ServiceInstance } from '@netring/contract/graph';
import { describe, expect, test } from 'vitest';
import { exampleDependency, exampleService } from '../example/example-graph.ts';
import type { Level } from './level.ts';
import { sceneOf, type Scene } from './scene.ts';
import { processText } from './units.ts';

const on = (host: string, but: Partial<ServiceInstance> = {}): ServiceInstance => ({
  host,
  member: `member-${host}`,
  address: '10.0.0.1',
  ports: [8080],
  pid: 7,
  process: 'node',
  ...but,
});
const web = exampleService('us1/web', { instances: [on('h1'), on('h2')] });
const api = exampleService('us1/api', { instances: [on('h2'), on('h3', { address: '10.0.0.3' })] });
const db = exampleService('eu1/db', { instances: [on('h9')] });

function opened(dependency: Partial<GraphDependency>, level: Level = 'hosts'): Scene {
  return sceneOf([web, api, db], [exampleDependency('us1/web', 'us1/api', dependency)], new Map(), {
    levelOf: (location) => (location === 'us1' ? level : 'services'),
  });
}

const ends = (scene: Scene): string[] => scene.edges.map(({ from, to }) => `${from.id} > ${to.id}`).sort();

describe('an opened location', () => {
  test('has its machines with name and address, each with what runs there; the others stay closed', () => {
    const { hosts, nodes } = opened({ between: [{ source: 'h1', target: 'h2' }] });
    expect(hosts.map(({ title, detail }) => [title, detail])).toEqual([
      ['h1', '10.0.0.1'],
      ['h2', '10.0.0.1'],
      ['h3', '10.0.0.3'],
    ]);
    expect(nodes.map(({ id }) => id)).toEqual([
      'eu1/db',
      'us1/api@h2',
      'us1/api@h3',
      'us1/web@h1',
      'us1/web@h2',
    ]);
    for (const node of nodes.filter(({ host }) => host !== undefined)) {
      const box = hosts.find(({ key }) => key === node.host);
      expect(node.x > (box?.x ?? Infinity) && node.y > (box?.y ?? Infinity)).toBe(true);
      expect(node.y + node.height).toBeLessThan((box?.y ?? 0) + (box?.height ?? 0));
    }
  });

  test('tells processes with their ports when it is opened further', () => {
    const { nodes } = opened({}, 'instances');
    expect(nodes.find(({ id }) => id === 'us1/api@h3')?.detail).toBe('node (pid 7), port 8080');
  });

  test.for([
    [
      'the pairs that were seen',
      {
        between: [
          { source: 'h1', target: 'h3' },
          { source: 'h2', target: 'h2' },
        ],
      },
      ['us1/web@h1 > us1/api@h3', 'us1/web@h2 > us1/api@h2'],
    ],
    [
      'who saw itself call, and one who was called',
      {
        seen_by: [
          { member: 'member-h1', evidence: ['caller'] },
          { member: 'member-h3', evidence: ['callee'] },
        ],
      },
      ['us1/web@h1 > us1/api@h3'],
    ],
    [
      'callers, where nobody says which was called',
      { seen_by: [{ member: 'member-h1', evidence: ['caller'] }] },
      ['us1/web@h1 > us1/api@'],
    ],
    [
      'nobody, where several may have called several',
      {
        seen_by: [
          { member: 'member-h1', evidence: ['caller', 'callee'] },
          { member: 'member-h2', evidence: ['caller', 'callee'] },
          { member: 'member-h3', evidence: ['callee'] },
        ],
      },
      ['us1/web@h1 > us1/api@', 'us1/web@h2 > us1/api@'],
    ],
    ['no machine that nobody saw', { seen_by: [] }, ['us1/web@ > us1/api@']],
  ] as [string, Partial<GraphDependency>, string[]][])('joins %s', ([, but, expected]) => {
    const scene = opened(but);
    expect(ends(scene)).toEqual(expected);
    expect(scene.edgesOf('us1/web>us1/api')).toHaveLength(expected.length);
    const isUnknown = expected.some((one) => one.includes('@ ') || one.endsWith('@'));
    expect(scene.hosts.some(({ title }) => title === 'Machine not known')).toBe(isUnknown);
  });

  test('needs nobody to say between which, where each end is on one machine', () => {
    const scene = sceneOf(
      [exampleService('us1/web', { instances: [on('h1')] }), db],
      [exampleDependency('us1/web', 'eu1/db', { seen_by: [] })],
      new Map(),
      { levelOf: () => 'hosts' },
    );
    expect(ends(scene)).toEqual(['us1/web@h1 > eu1/db@h9']);
  });
});

test.for([
  [[], 'process not known'],
  [[on('h')], 'node (pid 7), port 8080'],
  [
    [on('h'), on('h', { pid: 8 }), on('h', { pid: 9, ports: [81, 80] })],
    'node ×3 (pid 7, 8, …), port 80, 81, 8080',
  ],
  [[{ host: 'h', address: '', ports: [] }], 'process'],
] as [ServiceInstance[], string][])('%j are told as %s', ([instances, words]) => {
  expect(processText(instances)).toBe(words);
});
