import { expect, it } from 'vitest';
import { nextWindow, type SignMemory } from './steady.ts';

/** Windows in which the sign holds, by index. */
function holding(ratios: readonly number[]): number[] {
  let memory: SignMemory = { ratios: [] };
  return ratios.flatMap((ratio, at) => {
    memory = nextWindow(memory, ratio, at * 10_000, 10_000);
    return memory.sinceMs === undefined ? [] : [at];
  });
}

it.each([
  { name: 'one bad window is chance', ratios: [0, 9, 0, 0], held: [] },
  { name: 'two strong windows begin it', ratios: [0, 3, 3, 3], held: [2, 3] },
  { name: 'three clearly bad ones do, too', ratios: [0, 1.6, 1.5, 1.6], held: [3] },
  { name: 'three that just touch the threshold do not', ratios: [0, 1.1, 1.1, 1.1, 0], held: [] },
  { name: 'six do', ratios: [1.1, 1.1, 1.1, 1.1, 1.1, 1.1], held: [5] },
  { name: 'one good window in between does not end it', ratios: [3, 3, 0, 3, 3], held: [1, 2, 3, 4] },
  { name: 'two do', ratios: [3, 3, 0, 0, 0], held: [1, 2] },
  {
    name: 'it hovers at the threshold without flapping',
    ratios: [3, 3, 0.9, 1.1, 0.9, 1.1],
    held: [1, 2, 3, 4, 5],
  },
])('$name', ({ ratios, held }) => {
  expect(holding(ratios)).toEqual(held);
});

it('knows since when', () => {
  let memory: SignMemory = { ratios: [0] };
  for (const at of [1, 2, 3]) memory = nextWindow(memory, 1.6, at * 10_000, 10_000);
  expect(memory.sinceMs).toBe(10_000);
});
