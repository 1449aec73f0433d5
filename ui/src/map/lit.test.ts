import { expect, test } from 'vitest';
import { exampleDependency, exampleService } from '../example/example-graph.ts';
import { litBy } from './lit.ts';
import { sceneOf } from './scene.ts';

const scene = sceneOf(
  ['us1/a', 'us1/b', 'us1/c', 'us1/alone'].map((id) => exampleService(id)),
  [exampleDependency('us1/a', 'us1/b'), exampleDependency('us1/b', 'us1/c')],
  new Map(),
);

test.for([
  ['us1/b', ['us1/a', 'us1/b', 'us1/c'], ['us1/a>us1/b', 'us1/b>us1/c']],
  ['us1/a>us1/b', ['us1/a', 'us1/b'], ['us1/a>us1/b']],
  ['us1/alone', ['us1/alone'], []],
] as const)('%s lights up with what it touches', ([id, nodes, edges]) => {
  const lit = litBy(scene, id);
  expect([[...(lit?.nodes ?? [])].sort(), [...(lit?.edges ?? [])].sort()]).toEqual([[...nodes], [...edges]]);
});

test.for([[undefined], ['us1/was']] as const)('with %s open nothing steps back', ([id]) => {
  expect(litBy(scene, id)).toBeUndefined();
});
