import { describe, expect, test } from 'vitest';
import { exampleDependency, exampleGraph, exampleService } from '../example/example-graph.ts';
import { boxSize, mostLines, shortened, smallMapOf, smallMapSentence } from './small-map.ts';

const services = ['us1/web', 'us1/orders', 'eu1/payments', 'ap1/search'].map((id) => exampleService(id));
const unknownPath = { kind: 'none' as const, state: 'unknown' as const, reasons: [] };

describe('the small map', () => {
  test('one box a location, one line for all that goes from one to another, the worst of them', () => {
    const map = smallMapOf(
      exampleGraph(
        [...services, exampleService('bank'), exampleService('people', { fan_in: 0 })],
        [
          exampleDependency('us1/web', 'eu1/payments'),
          exampleDependency('us1/orders', 'eu1/payments', { health: 'slow' }),
          exampleDependency('us1/web', 'us1/orders', { health: 'failing' }),
          exampleDependency('us1/web', 'ap1/search', { health: 'unknown', path: unknownPath }),
          exampleDependency('people', 'us1/web', { path: unknownPath }),
          exampleDependency('eu1/payments', 'bank', { activity: 'gone' }),
        ],
      ),
    );
    expect(map.boxes.map(({ title, services: count }) => `${title} ${count}`)).toEqual([
      'ap1 1',
      'eu1 1',
      'us1 2',
      'From outside 1',
      'Outside 1',
    ]);
    expect(
      map.lines.map(({ key, tone, dependencies }) => [...(JSON.parse(key) as string[]), tone, dependencies]),
    ).toEqual([
      ['us1', 'eu1', 'warn', 2],
      ['us1', 'ap1', 'unknown', 1],
      ['outside: callers', 'us1', 'ok', 1],
    ]);
    expect(smallMapSentence(map)).toBe('6 services in 3 locations, 3 connections between them, 1 in trouble');
  });

  test('names who is slow or failing; nothing known is not green', () => {
    const map = smallMapOf(
      exampleGraph(
        [
          exampleService('us1/b', { health: 'slow' }),
          exampleService('us1/a', { health: 'failing' }),
          exampleService('eu1/c', { health: 'unknown' }),
          exampleService('eu1/d', { activity: 'gone', health: 'failing' }),
        ],
        [],
      ),
    );
    expect(map.boxes.map(({ title, tone, troubled }) => [title, tone, troubled])).toEqual([
      ['eu1', 'unknown', []],
      ['us1', 'bad', ['a', 'b']],
    ]);
  });

  test('a path in trouble under a healthy dependency is trouble', () => {
    const path = { kind: 'member' as const, state: 'degraded' as const, reasons: [] };
    const map = smallMapOf(exampleGraph(services, [exampleDependency('us1/web', 'eu1/payments', { path })]));
    expect(map.lines[0]?.tone).toBe('warn');
  });

  test('boxes do not overlap, and lines beyond the bound are counted: those left out are well', () => {
    const many = Array.from({ length: 40 }, (_, at) => exampleService(`l${at}/s`));
    const calls = many.flatMap((one) =>
      many
        .filter((other) => other !== one)
        .map((other) => exampleDependency(one.service_id, other.service_id)),
    );
    const bad = exampleDependency('l39/s', 'l0/s', { health: 'failing' });
    const map = smallMapOf(exampleGraph(many, [...calls, bad]));
    expect([map.lines.length, map.moreLines]).toEqual([mostLines, 40 * 39 - mostLines]);
    expect(map.lines[0]?.tone).toBe('bad');
    for (const [at, one] of map.boxes.entries()) {
      for (const other of map.boxes.slice(at + 1)) {
        const apart =
          Math.abs(one.x - other.x) >= boxSize.width || Math.abs(one.y - other.y) >= boxSize.height;
        expect(apart).toBe(true);
      }
    }
  });
});

test.for([
  ['orders', 10, 'orders'],
  ['a-very-long-name', 10, 'a-very-lo…'],
  ['🔥'.repeat(30), 5, '🔥🔥🔥🔥…'],
] as const)('%s in %d letters', ([name, letters, expected]) => {
  expect(shortened(name, letters)).toBe(expected);
});
