import { describe, expect, test } from 'vitest';
import { exampleDependency, exampleGraph, exampleService } from '../example/example-graph.ts';
import { everything, narrowed, type Narrowing } from './narrow.ts';

/** caller → a → b → c → d, b in trouble with c, a getting 404 and 500 from b; e is alone. */
const graph = exampleGraph(
  [
    exampleService('caller'),
    ...['us1/a', 'us1/b', 'eu1/c', 'eu1/d', 'eu1/e'].map((id) => exampleService(id)),
    exampleService('eu1/q', { endpoints: [{ host: '192.0.2.99', port: 5432, protocol: 'tcp' }] }),
  ],
  [
    exampleDependency('caller', 'us1/a', { client_errors: 5, error_count: 5 }),
    exampleDependency('us1/a', 'us1/b', { server_errors: 2, error_count: 2 }),
    exampleDependency('us1/b', 'eu1/c', { health: 'slow' }),
    exampleDependency('eu1/c', 'eu1/d', { activity: 'gone', health: 'failing' }),
    exampleDependency('us1/a', 'eu1/missing'),
  ],
);

function shown(but: Partial<Narrowing>): [services: string[], dependencies: string[]] {
  const { services, dependencies } = narrowed(graph, { ...everything, ...but });
  return [services.map((one) => one.service_id).sort(), dependencies.map(({ id }) => id).sort()];
}

describe('a narrowing leaves', () => {
  test('everything, but for dependencies whose end is not known', () => {
    expect(shown({})).toEqual([
      ['caller', 'eu1/c', 'eu1/d', 'eu1/e', 'eu1/q', 'us1/a', 'us1/b'],
      ['caller>us1/a', 'eu1/c>eu1/d', 'us1/a>us1/b', 'us1/b>eu1/c'],
    ]);
  });

  test('problems with their ends; what is gone is none', () => {
    expect(shown({ only: 'problems' })).toEqual([['eu1/c', 'us1/b'], ['us1/b>eu1/c']]);
  });

  test('errors that are not the client’s own', () => {
    expect(shown({ only: 'errors' })).toEqual([['us1/a', 'us1/b'], ['us1/a>us1/b']]);
  });

  test.for([
    ['US1', ['caller', 'eu1/c', 'us1/a', 'us1/b'], ['caller>us1/a', 'us1/a>us1/b', 'us1/b>eu1/c']],
    ['  eu1 ', ['eu1/c', 'eu1/d', 'eu1/e', 'eu1/q', 'us1/b'], ['eu1/c>eu1/d', 'us1/b>eu1/c']],
    ['192.0.2.99:5432', ['eu1/q'], []],
    ['nothing like it', [], []],
  ] as const)('what "%s" finds, with whom it deals', ([find, services, dependencies]) => {
    expect(shown({ find })).toEqual([[...services], [...dependencies]]);
  });

  test.for([
    [1, ['us1/a', 'us1/b', 'eu1/c'].sort(), ['us1/a>us1/b', 'us1/b>eu1/c']],
    [
      2,
      ['caller', 'eu1/c', 'eu1/d', 'us1/a', 'us1/b'],
      ['caller>us1/a', 'eu1/c>eu1/d', 'us1/a>us1/b', 'us1/b>eu1/c'],
    ],
  ] as const)('%d steps around a service', ([steps, services, dependencies]) => {
    expect(shown({ focus: { service: 'us1/b', steps } })).toEqual([[...services], [...dependencies]]);
  });

  test('of the surroundings only the problems', () => {
    expect(shown({ only: 'problems', focus: { service: 'us1/a', steps: 1 } })).toEqual([[], []]);
    expect(shown({ only: 'problems', focus: { service: 'us1/b', steps: 1 } })[1]).toEqual(['us1/b>eu1/c']);
  });

  test('nothing around a service that is no more', () => {
    expect(shown({ focus: { service: 'us1/was', steps: 3 } })).toEqual([[], []]);
  });
});
