import { expect, test } from 'vitest';
import { z } from 'zod';
import { StoreAway } from '../store/index.ts';
import { restore, type Shelf } from './restore.ts';

interface Note {
  id: string;
  text: string;
}

function shelf(held: Map<string, Note>, most = 3): Shelf<Note, Note> {
  return {
    schema: z.object({ id: z.string(), text: z.string('must be text') }),
    most,
    kept: () => new Map(held),
    made: (one) => Promise.resolve(one.text === 'forbidden' ? { refused: 'not allowed' } : one),
    put(id, one) {
      held.set(id, one);
      return Promise.resolve(`${held.size}-0`);
    },
  };
}

const a = { id: 'a', text: 'one' };
const b = { id: 'b', text: 'two' };

test('a second import of the same changes nothing', async () => {
  const held = new Map<string, Note>();
  expect(await restore([a, b], shelf(held))).toEqual({ taken: 2, unchanged: 0, refused: [], logId: '2-0' });
  expect(await restore([a, b], shelf(held))).toEqual({
    taken: 0,
    unchanged: 2,
    refused: [],
    logId: undefined,
  });
});

test('a wrong record costs only itself, and says why', async () => {
  const held = new Map<string, Note>();
  const done = await restore([7, a, { id: 'c', text: 3 }, { id: 'd', text: 'forbidden' }, b], shelf(held));
  expect(done.taken).toBe(2);
  expect(done.refused).toEqual([
    { index: 0, reason: 'must be an object' },
    { index: 2, reason: 'text: must be text' },
    { index: 3, reason: 'not allowed' },
  ]);
  expect([...held.keys()]).toEqual(['a', 'b']);
});

test('what the store does not take is refused, and of what is taken nothing is lost', async () => {
  const held = new Map<string, Note>();
  const taking = shelf(held);
  let tries = 0;
  const failing = (error: Error): Shelf<Note, Note> => ({
    ...taking,
    put: (id, one) => (++tries === 2 ? Promise.reject(error) : taking.put(id, one)),
  });
  const c = { id: 'c', text: 'three' };
  const odd = await restore([a, b, c], failing(new Error('too large')));
  expect(odd).toMatchObject({ taken: 2, refused: [{ index: 1, reason: 'it could not be kept: too large' }] });
  held.clear();
  tries = 0;
  const gone = await restore([a, b, c], failing(new StoreAway('Redis is away')));
  expect([gone.taken, gone.refused.map(({ index }) => index), tries]).toEqual([1, [1, 2], 2]);
  expect([...held.keys()]).toEqual(['a']);
});

test('what is not in the file stays; what is there otherwise is replaced; the bound holds', async () => {
  const held = new Map([['x', { id: 'x', text: 'mine' }]]);
  const done = await restore([a, { id: 'x', text: 'theirs' }, b, { id: 'c', text: 'too many' }], shelf(held));
  expect(done).toMatchObject({ taken: 3, refused: [{ index: 3 }] });
  expect(held.get('x')?.text).toBe('theirs');
  expect((await restore([b], shelf(held))).unchanged).toBe(1);
  expect(held.size).toBe(3);
});
