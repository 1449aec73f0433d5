import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { JsonFields, jsonKinds, unescaped } from './json-fields.ts';

const keys = ['a', 'Duration', 'ServiceURL', 'é', '__proto__', 'constructor', ''];

/** What is found of an object, as values, the way `JSON.parse` would give them. */
function found(fields: JsonFields, line: string): Map<string, unknown> | undefined {
  const around = Buffer.from('","}');
  const text = Buffer.from(line);
  const bytes = Buffer.concat([around, text, around]);
  if (!fields.read(bytes, around.length, around.length + text.length)) return undefined;
  const values = new Map<string, unknown>();
  for (const [at, key] of keys.entries()) {
    const [start, end] = [fields.starts[at] as number, fields.ends[at] as number];
    const kind = fields.kinds[at];
    if (kind === jsonKinds.absent) continue;
    if (kind === jsonKinds.text) values.set(key, bytes.toString('utf8', start, end));
    else if (kind === jsonKinds.escaped) values.set(key, unescaped(bytes, start, end));
    else values.set(key, JSON.parse(bytes.toString('utf8', start, end)));
    const whole = fields.wholes[at] as number;
    if (kind === jsonKinds.number && !Number.isNaN(whole)) expect(whole).toBe(values.get(key));
  }
  return values;
}

function parsed(line: string): Map<string, unknown> {
  const object = JSON.parse(line) as Record<string, unknown>;
  return new Map(keys.filter((key) => Object.hasOwn(object, key)).map((key) => [key, object[key]]));
}

const pair = fc.tuple(
  fc.oneof(fc.constantFrom(...keys), fc.string({ unit: 'binary' }), fc.string({ maxLength: 3 })),
  fc.oneof(
    fc.jsonValue({ maxDepth: 4 }),
    fc.string({ unit: 'binary' }),
    fc.nat(),
    fc.double({ noNaN: true }),
  ),
);
/** Objects as text, so that keys may repeat; now and then a character is written as its escape. */
const line = fc
  .tuple(fc.array(pair, { maxLength: 12 }), fc.constantFrom('', ' ', '\t'), fc.boolean())
  .map(([pairs, space, escapes]) => {
    const write = (value: unknown): string => {
      const text = JSON.stringify(value);
      if (!escapes || typeof value !== 'string') return text;
      return `"${[...text.slice(1, -1)].map((one, at) => (at === 0 && /[a-z]/i.test(one) ? unicode(one) : one)).join('')}"`;
    };
    const inside = pairs.map(([key, value]) => `${write(key)}${space}:${space}${write(value)}`);
    return `{${space}${inside.join(`${space},`)}${space}}`;
  });

function unicode(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

describe('the fields of a line of JSON', () => {
  test('are those that JSON.parse finds', () => {
    const fields = new JsonFields(keys);
    fc.assert(
      fc.property(line, (text) => {
        expect(found(fields, text)).toEqual(parsed(text));
      }),
      { numRuns: 2000 },
    );
  });

  test('are none where a line is broken off', () => {
    const fields = new JsonFields(keys);
    fc.assert(
      fc.property(line, fc.double({ min: 0, max: 0.999, noNaN: true }), (text, share) => {
        const cut = text.slice(0, Math.floor(share * text.length));
        expect(found(fields, cut)).toBeUndefined();
      }),
    );
  });

  test.each([
    '[]',
    'null',
    '',
    '{"a":1,}',
    '{"a":1 "b":2}',
    '{"a" 1}',
    '{"a":tru}',
    '{"a":01}',
    '{"a":1.}',
    '{"a":-}',
    '{"a":[1}',
    '{"a":1}{',
    `{"x":${'['.repeat(100)}${']'.repeat(100)}}`,
  ])('are none in %s', (text) => {
    expect(found(new JsonFields(keys), text)).toBeUndefined();
  });

  test('of a repeated key are the last', () => {
    expect(found(new JsonFields(keys), '{"a":1,"a":"two"}')).toEqual(new Map([['a', 'two']]));
  });

  test('reach no prototype', () => {
    const fields = new JsonFields(keys);
    expect(found(fields, '{"__proto__":{"polluted":true},"constructor":1}')?.size).toBe(2);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});
