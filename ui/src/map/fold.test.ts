import { expect, test } from 'vitest';
import { exampleDependency, exampleService } from '../example/example-graph.ts';
import { sceneOf } from './scene.ts';

const strangers = Array.from({ length: 6 }, (_, at) => `api${at}.example`);
const services = [exampleService('us1/web'), ...strangers.map((id) => exampleService(id, { fan_in: 1 }))];
const calls = strangers.map((id) => exampleDependency('us1/web', id, { requests_per_second: 2 }));

test('many outside are one card with one line to it, which stands for all of them', () => {
  const scene = sceneOf(services, calls, new Map());
  expect(scene.nodes.map(({ name, folded }) => [name, folded])).toEqual([
    ['External ×6', 6],
    ['web', undefined],
  ]);
  expect(scene.edges).toHaveLength(1);
  expect(scene.edges[0]?.dependencies).toEqual(calls);
  for (const { id } of calls) expect(scene.edgesOf(id)).toEqual(scene.edges);
});

test('who is in trouble stands for itself, and so does what several fit', () => {
  const bad = calls.map((one, at) => (at === 2 ? { ...one, health: 'failing' as const } : one));
  const unresolved = exampleService('10.0.0.9:5432', { kind: 'unresolved' });
  const { nodes } = sceneOf([...services, unresolved], bad, new Map());
  expect(nodes.map(({ name }) => name)).toEqual(['10.0.0.9:5432', 'api2.example', 'External ×5', 'web']);
});

test.for([
  ['when it is asked for', 6, true],
  ['when they are few', 3, false],
] as const)('each stands for itself %s', ([, count, unfolded]) => {
  const scene = sceneOf(services.slice(0, count + 1), calls.slice(0, count), new Map(), { unfolded });
  expect([scene.nodes.length, scene.edges.length]).toEqual([count + 1, count]);
});
