import { expect, test } from 'vitest';
import { exampleAnswer, exampleChange, exampleService } from '../example/example-graph.ts';
import { createToldMeanwhile } from './told-meanwhile.ts';

const service = (name: string) => exampleService(`us1/${name}`);
const comes = (nowMs: number, name: string) => exampleChange(nowMs, { services: [service(name)] });
const names = (graph: { services: ReadonlyMap<string, unknown> } | undefined) =>
  graph && [...graph.services.keys()];

test('what is told while the answer is on its way is not lost', () => {
  const kept = createToldMeanwhile();
  kept.asking();
  expect(kept.told([comes(1_100, 'new')])).toBeUndefined();
  expect(names(kept.answered(exampleAnswer(1_000, [service('a')])))).toEqual(['us1/a', 'us1/new']);
  expect(names(kept.told([comes(1_200, 'newer')]))).toEqual(['us1/a', 'us1/new', 'us1/newer']);
});

test('neither when it is asked for once more, while a graph is shown', () => {
  const kept = createToldMeanwhile();
  kept.asking();
  kept.answered(exampleAnswer(1_000, [service('a')]));
  kept.asking();
  expect(names(kept.told([comes(2_100, 'new')]))).toEqual(['us1/a', 'us1/new']);
  expect(names(kept.answered(exampleAnswer(2_000, [service('b')])))).toEqual(['us1/b', 'us1/new']);
});

test('what was told before it was asked for again is in the answer, and forgotten', () => {
  const kept = createToldMeanwhile();
  kept.asking();
  kept.told([comes(1_100, 'gone since')]);
  kept.asking();
  expect(names(kept.answered(exampleAnswer(1_100, [service('a')])))).toEqual(['us1/a']);
});
