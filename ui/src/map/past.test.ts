import { expect, test } from 'vitest';
import { exampleDependency } from '../example/example-graph.ts';
import { pastPoint, pastStretches, sparkline } from './past.ts';

test('two hours are a dozen stretches of ten minutes that are over, oldest first', () => {
  const stretches = pastStretches(7_800_001);
  expect(stretches).toHaveLength(12);
  expect(stretches.at(-1)).toEqual({ fromMs: 7_200_000, toMs: 7_800_000 });
  expect(stretches[0]?.toMs).toBe(stretches[1]?.fromMs);
});

test('a stretch tells rate, latency and failures of the dependency, and nothing where nobody saw it', () => {
  const stretch = { fromMs: 0, toMs: 600_000 };
  const one = exampleDependency('a/x', 'a/y', {
    requests_per_second: 2,
    request_count: 100,
    p95_latency_ms: 31,
    server_errors: 4,
    transport_failures: 1,
    client_errors: 50,
  });
  const answer = (dependencies: unknown[]) => ({ dependencies }) as never;
  expect(pastPoint(stretch, answer([one]), one.id)).toEqual({ ...stretch, rate: 2, p95Ms: 31, failed: 0.05 });
  for (const without of [undefined, answer([]), answer([{ ...one, request_count: 0 }])])
    expect(pastPoint(stretch, without, one.id)).toEqual(stretch);
});

test.for([
  [[0, 10, 5], { line: 'M0 20L50 0L100 10', dots: [], most: 10 }],
  [
    [4, undefined, 2],
    {
      line: '',
      dots: [
        { x: 0, y: 0 },
        { x: 100, y: 10 },
      ],
      most: 4,
    },
  ],
  [[1, 1, undefined], { line: 'M0 0L50 0', dots: [], most: 1 }],
  [[0, 0, 0], { line: 'M0 20L50 20L100 20', dots: [], most: 0 }],
  [[], { line: '', dots: [], most: 0 }],
] as const)('the line of %j is drawn as %j', ([values, drawn]) => {
  expect(sparkline(values, 100, 20)).toEqual(drawn);
});
