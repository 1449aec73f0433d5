import { expect, test } from 'vitest';
import { exampleChange, exampleDependency, exampleGraph, exampleService } from '../example/example-graph.ts';
import { graphFrom, withGraphChanges } from './graph.ts';

const [web, api, db] = ['us1/web', 'us1/api', 'us1/db'].map((id) => exampleService(id));
const graph = exampleGraph(
  [web, api, db].filter((one) => one !== undefined),
  [exampleDependency('us1/web', 'us1/api'), exampleDependency('us1/api', 'us1/db')],
);

test('a change brings what is new, replaces what it names and takes what is gone', () => {
  const slow = exampleDependency('us1/web', 'us1/api', { health: 'slow' });
  const after = withGraphChanges(graph, [
    exampleChange(2_000, {
      services: [exampleService('eu1/cache')],
      dependencies: [slow, exampleDependency('us1/api', 'eu1/cache')],
      removed_services: ['us1/db'],
      removed_dependencies: ['us1/api>us1/db'],
      positions: { 'eu1/cache': { x: 3, y: 1 } },
    }),
  ]);
  expect([...after.services.keys()]).toEqual(['us1/web', 'us1/api', 'eu1/cache']);
  expect([...after.dependencies.keys()]).toEqual(['us1/web>us1/api', 'us1/api>eu1/cache']);
  expect(after.dependencies.get('us1/web>us1/api')).toBe(slow);
  expect(after.positions.get('eu1/cache')).toEqual({ x: 3, y: 1 });
  expect(after.atMs).toBe(2_000);
});

test('a graph is never changed in place', () => {
  const before = [...graph.services.keys()];
  withGraphChanges(graph, [exampleChange(2_000, { removed_services: before })]);
  expect([...graph.services.keys()]).toEqual(before);
});

test('what is older than the graph changes nothing, what is as old does', () => {
  const removed = { removed_services: ['us1/db'] };
  expect(withGraphChanges(graph, [exampleChange(999, removed)])).toBe(graph);
  expect(withGraphChanges(graph, [exampleChange(1_000, removed)]).services.size).toBe(2);
});

test('of several changes the last one has the last word, and none goes back in time', () => {
  const [first, old, last] = [
    exampleChange(2_000, { removed_services: ['us1/db'] }),
    exampleChange(1_500, { removed_services: ['us1/web'] }),
    exampleChange(3_000, { services: [exampleService('us1/db', { health: 'slow' })] }),
  ];
  const after = withGraphChanges(graph, [first, old, last]);
  expect([...after.services.keys()]).toEqual(['us1/web', 'us1/api', 'us1/db']);
  expect([after.services.get('us1/db')?.health, after.atMs]).toEqual(['slow', 3_000]);
});

test('what comes and goes in one change is there', () => {
  const change = exampleChange(2_000, {
    services: [exampleService('us1/db', { health: 'failing' })],
    removed_services: ['us1/db'],
  });
  expect(withGraphChanges(graph, [change]).services.get('us1/db')?.health).toBe('failing');
});

test('positions stay where no new ones are told', () => {
  const placed = { ...graph, positions: new Map([['us1/web', { x: 1, y: 2 }]]) };
  expect(withGraphChanges(placed, [exampleChange(2_000)]).positions).toBe(placed.positions);
});

test('names that an object has of its own are names like others', () => {
  const odd = exampleService('us1/web', { service_id: 'constructor' });
  const answer = {
    now_ms: 1,
    timestamp: '',
    services: { constructor: odd },
    dependencies: [],
    metadata: graph.metadata,
    positions: {},
    sources: [],
  };
  expect(graphFrom(answer as never).services.get('constructor')).toBe(odd);
});
