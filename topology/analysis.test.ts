import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { workedExample, api, auth, client, postgres, redis, users } from './fixtures/worked-example.ts';
import { mapperOf, seen } from './fixtures/observe.ts';
import { analyzeGraph, type TopologyMap } from './index.ts';

function mapOf(...calls: string[]): TopologyMap {
  const observations = calls.map((call) => {
    const [from, to] = call.split('>') as [string, string];
    return seen(from, to);
  });
  return mapperOf(observations).generateTopologyMap();
}

describe('the worked example', () => {
  const analysis = analyzeGraph(mapperOf(workedExample()).generateTopologyMap());

  test('has one entry point and three leaves, and no cycle', () => {
    expect(analysis.entry_points).toEqual([client]);
    expect(analysis.leaves).toEqual([postgres, redis, auth]);
    expect(analysis.cycles).toEqual([]);
  });

  test('stands still with its database, though that has only one caller', () => {
    const roles = new Map(analysis.roles.map((one) => [one.service_id, one]));
    expect(roles.get(postgres)).toMatchObject({ degree: 1, fan_in: 1, transitive_dependents: 3 });
    expect(roles.get(api)).toMatchObject({ degree: 3, transitive_dependents: 1, articulation_point: true });
    expect(analysis.single_points_of_failure).toEqual([users, api]);
  });
});

test('a second way round takes a single point of failure away', () => {
  expect(analyzeGraph(mapOf('a>b', 'b>c')).single_points_of_failure).toEqual(['b']);
  expect(analyzeGraph(mapOf('a>b', 'b>c', 'a>c')).single_points_of_failure).toEqual([]);
});

test('circles are found, and services that call themselves', () => {
  const { cycles, entry_points, leaves } = analyzeGraph(
    mapOf('in>a', 'a>b', 'b>c', 'c>a', 'c>d', 'd>e', 'e>d', 'e>f', 'f>f'),
  );
  expect(cycles.sort()).toEqual([['a', 'b', 'c'], ['d', 'e'], ['f']]);
  expect([entry_points, leaves]).toEqual([['in'], ['f']]);
});

test('a chain of 5,000 services is no deep recursion', () => {
  const calls = Array.from({ length: 5000 }, (_, n) => `s${n}x>s${n + 1}x`);
  const { roles, single_points_of_failure } = analyzeGraph(mapOf(...calls));
  expect(roles[0]).toMatchObject({ service_id: 's5000x', transitive_dependents: 5000 });
  expect(single_points_of_failure).toHaveLength(4999);
});

const graphs = fc.uniqueArray(
  fc.tuple(fc.constantFrom(...'abcdefg'), fc.constantFrom(...'abcdefg')).map(([a, b]) => `${a}>${b}`),
  { minLength: 1, maxLength: 14 },
);

describe('compared with working it out by hand', () => {
  test('dependents are those who reach it', () => {
    fc.assert(
      fc.property(graphs, (calls) => {
        for (const { service_id, transitive_dependents } of analyzeGraph(mapOf(...calls)).roles) {
          const reached = reach(service_id, (at) =>
            calls.filter((c) => c[2] === at).map((c) => c[0] as string),
          );
          expect([service_id, transitive_dependents]).toEqual([service_id, reached.size - 1]);
        }
      }),
    );
  });

  test('articulation points are those without whom there are more parts', () => {
    fc.assert(
      fc.property(graphs, (calls) => {
        for (const { service_id, articulation_point } of analyzeGraph(mapOf(...calls)).roles) {
          const without = calls.filter((call) => !call.includes(service_id));
          const ids = new Set(calls.join('>').split('>'));
          const isPoint =
            parts(new Set([...ids].filter((id) => id !== service_id)), without) > parts(ids, calls);
          expect([service_id, articulation_point]).toEqual([service_id, isPoint]);
        }
      }),
    );
  });
});

function reach(from: string, next: (at: string) => string[]): Set<string> {
  const seenSoFar = new Set([from]);
  for (const at of seenSoFar) for (const one of next(at)) seenSoFar.add(one);
  return seenSoFar;
}

function parts(ids: Set<string>, calls: readonly string[]): number {
  const rest = new Set(ids);
  let count = 0;
  for (const id of rest) {
    count++;
    const neighbours = (at: string): string[] =>
      calls.filter((c) => c.includes(at)).flatMap((c) => [c[0] as string, c[2] as string]);
    for (const one of reach(id, neighbours)) rest.delete(one);
  }
  return count;
}
