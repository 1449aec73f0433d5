import type { GraphDependency } from '@netring/contract/graph';
import { describe, expect, test } from 'vitest';
import { exampleDependency, exampleGraph, exampleService } from '../example/example-graph.ts';
import { sceneOf } from '../map/scene.ts';
import { changedRows, changeWords } from './compare-words.ts';
import { compareGraphs, countsOf, unitedGraph } from './compare.ts';
import { markedScene } from './marked-scene.ts';

const ends = [exampleService('us1/a'), exampleService('eu1/b')];
const call = (but: Partial<GraphDependency> = {}): GraphDependency =>
  exampleDependency('us1/a', 'eu1/b', but);
const path = (state: 'ok' | 'degraded' | 'down' | 'unknown') => ({
  path: { kind: 'member' as const, state, reasons: [] },
});
const blame = (verdict: GraphDependency['blame']['verdict'], ...reasons: string[]) => ({
  blame: { verdict, reasons },
});
const local = { path: { kind: 'local' as const, state: 'ok' as const, reasons: [] } };

type But = Partial<GraphDependency>;
test.for([
  ['nothing', {}, {}, 'same', []],
  ['health', {}, { health: 'slow' }, 'worse', ['healthy → slow']],
  ['health back', { health: 'failing' }, { health: 'slow' }, 'better', ['failing → slow']],
  ['health that nobody knew', { health: 'unknown' }, { health: 'failing' }, 'same', []],
  ['blame', {}, blame('network', 'loses 4 %'), 'worse', ['blame: nothing is slow → the network (loses 4 %)']],
  [
    'blame over',
    blame('application', 'takes 212 ms'),
    {},
    'better',
    ['blame: the application → nothing is slow (takes 212 ms)'],
  ],
  [
    'another to blame',
    blame('application'),
    blame('network'),
    'worse',
    ['blame: the application → the network'],
  ],
  [
    'one of both over',
    blame('both'),
    blame('network'),
    'better',
    ['blame: network and application → the network'],
  ],
  ['no verdict', blame('unknown', 'not judged'), blame('network'), 'same', []],
  ['path', path('ok'), path('down'), 'worse', ['path ok → down']],
  ['path not measured', path('unknown'), path('down'), 'same', []],
  ['no path between', local, path('down'), 'same', []],
  ['slower', { p95_latency_ms: 20 }, { p95_latency_ms: 40 }, 'worse', ['p95 20 ms → 40 ms']],
  ['slower by less than a quarter', { p95_latency_ms: 20 }, { p95_latency_ms: 24.9 }, 'same', []],
  ['slower by less than 2 ms', { p95_latency_ms: 1 }, { p95_latency_ms: 2.9 }, 'same', []],
  ['failing', {}, { server_errors: 3, transport_failures: 3 }, 'worse', ['failed 0 % → 1 %']],
  ['two failures', { request_count: 20 }, { request_count: 20, server_errors: 2 }, 'same', []],
  [
    'worse in one and better in another',
    { p95_latency_ms: 90 },
    { server_errors: 60 },
    'worse',
    ['p95 90 ms → 20 ms', 'failed 0 % → 10 %'],
  ],
] as [string, But, But, string, string[]][])('%s', ([, before, after, standing, words]) => {
  const { dependencies, changes } = compareGraphs(
    exampleGraph(ends, [call(before)]),
    exampleGraph(ends, [call(after)]),
  );
  expect(dependencies.get('us1/a>eu1/b')).toBe(standing);
  expect((changes.get('us1/a>eu1/b') ?? []).map(changeWords)).toEqual(words);
});

describe('of two graphs', () => {
  const before = exampleGraph(
    [...ends, exampleService('us1/old')],
    [call(), exampleDependency('us1/a', 'us1/old')],
  );
  const after = exampleGraph(
    [exampleService('us1/a', { health: 'slow' }), ends[1] as (typeof ends)[0], exampleService('us1/new')],
    [call({ p95_latency_ms: 200 }), exampleDependency('us1/a', 'us1/new')],
  );
  const comparison = compareGraphs(before, after);
  const united = unitedGraph(before, after);

  test('services and dependencies are gained, lost and worse', () => {
    expect([...comparison.services]).toEqual([
      ['us1/old', 'lost'],
      ['us1/a', 'worse'],
      ['eu1/b', 'same'],
      ['us1/new', 'gained'],
    ]);
    expect(countsOf(comparison.dependencies)).toEqual({ gained: 1, lost: 1, worse: 1, better: 0, same: 0 });
  });

  test('the united graph holds both, and the later word', () => {
    expect([...united.services.keys()].sort()).toEqual(['eu1/b', 'us1/a', 'us1/new', 'us1/old']);
    expect(united.services.get('us1/a')?.health).toBe('slow');
    const rows = changedRows([...united.dependencies.values()], comparison);
    expect(rows.map(({ one, standing }) => [standing, one.id])).toEqual([
      ['worse', 'us1/a>eu1/b'],
      ['lost', 'us1/a>us1/old'],
      ['gained', 'us1/a>us1/new'],
    ]);
  });

  test('on the map each has a word, a dash or a width, not only a colour', () => {
    const scene = markedScene(
      sceneOf([...united.services.values()], [...united.dependencies.values()], new Map()),
      comparison,
    );
    expect(scene.edges.map(({ id, blame: word, line, tone }) => [id, word, line, tone]).sort()).toEqual([
      ['us1/a>eu1/b', '▲ p95 20 ms → 200 ms', 'full', 'bad'],
      ['us1/a>us1/new', '+ new', 'full', 'ok'],
      ['us1/a>us1/old', '− lost', 'dashed', 'warn'],
    ]);
    expect(scene.nodeOf.get('us1/old')).toMatchObject({ detail: '− lost', faded: true });
    expect(scene.edgesOf('us1/a>us1/old')[0]?.to).toBe(scene.nodeOf.get('us1/old'));
  });
});
