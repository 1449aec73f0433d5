import { expect, it } from 'vitest';
import { isParseable } from './json-shape.ts';
import { jsonBody } from './span-sketch.ts';
import { call } from './started-intake.ts';

it.each<[string, string | Buffer, boolean]>([
  ['brackets, few enough to be harmless', '['.repeat(1000), true],
  ['brackets within brackets', '['.repeat(600_000), false],
  ['very many objects', '['.concat('{},'.repeat(600_000), '{}]'), false],
  ['brackets in a text', JSON.stringify('["\\{'.repeat(200_000)), true],
  ['a large batch of spans', jsonBody(Array.from({ length: 2000 }, (_, id) => ({ ...call, id }))), true],
])('%s: %#', (_, text, expected) => {
  expect(isParseable(Buffer.from(text))).toBe(expected);
});
