import { expect, test } from 'vitest';
import { createTroubleWatch } from './trouble-watch.ts';

/** What was asked for at each look, `us1-a>eu1-a`. */
async function askedAt(...looks: { source: string; target: string }[][]): Promise<string[][]> {
  let asked: string[] = [];
  const watch = createTroubleWatch({
    ask: ({ member, target }) => {
      asked.push(`${member}>${target}`);
      return Promise.resolve(undefined);
    },
  });
  const all: string[][] = [];
  for (const troubled of looks) {
    asked = [];
    await watch.look(troubled);
    all.push(asked);
  }
  return all;
}

const there = { source: 'us1-a', target: 'eu1-a' };
const back = { source: 'eu1-a', target: 'us1-a' };
const bothEnds = ['us1-a>eu1-a', 'eu1-a>us1-a'];

test('a path is traced from both ends as it turns bad and as it is well again, and not between', async () => {
  expect(await askedAt([there], [there], [], [])).toEqual([bothEnds, [], bothEnds, []]);
});

test('both ways at once are traced once each', async () => {
  expect(await askedAt([there, back], [])).toEqual([bothEnds, bothEnds]);
});

test('a site that is cut off has only some of its paths traced', async () => {
  const many = Array.from({ length: 100 }, (_, n) => ({ source: 'us1-a', target: `eu${n}` }));
  const [first = []] = await askedAt(many);
  expect(first).toHaveLength(128);
});
