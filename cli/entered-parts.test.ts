import { expect, test } from 'vitest';
import { partsOf, refusedText, secretsText, sumOf } from './entered-parts.ts';

const head = { netring: 'entered', version: 1 } as const;
const many = (count: number) => Array.from({ length: count }, (_, index) => ({ id: `s${index}` }));

test.each([
  [0, 0, [0]],
  [1, 3, [3]],
  [500, 2, [502]],
  [1_201, 700, [1_000, 700, 201]],
])('%d positions and %d silences go in parts of %j records', (positions, silences, sizes) => {
  const parts = partsOf({ ...head, positions: many(positions), silences: many(silences), watchers: [] });
  const found = parts.map(({ body }) => body.positions.length + body.silences.length);
  expect(found.reduce((sum, one) => sum + one, 0)).toBe(positions + silences);
  expect(found.length).toBe(sizes.length);
  expect(parts.flatMap(({ body }) => body.positions)).toEqual(many(positions));
});

test('counts are summed over parts, and refusals name the place in the file', () => {
  const counts = { silences: 1, positions: 2, watchers: 0 };
  const answer = {
    taken: counts,
    unchanged: counts,
    refused: [{ list: 'positions' as const, index: 3, reason: 'x: must be a number' }],
    secrets: [{ id: 'aa', secret: 'bb' }],
  };
  expect(sumOf([answer, answer])).toContain('positions: 4 taken, 4 unchanged');
  expect(secretsText(answer)).toBe('watcher aa came without a secret; its new one is bb\n');
  const from = { silences: 500, positions: 500, watchers: 500 };
  expect(refusedText({ from, answer })).toEqual(['positions[503]: x: must be a number']);
});
