import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layOut, type LayoutNode } from './layout.ts';

const node = (id: string, area = 'eu1'): LayoutNode => ({ id, area });
const edge = (text: string) => {
  const [source = '', target = ''] = text.split('>');
  return { source, target };
};

describe('layout', () => {
  it('puts callers left of callees', () => {
    const places = layOut(
      ['db', 'shop', 'orders'].map((id) => node(id)),
      ['shop>orders', 'orders>db', 'shop>db'].map(edge),
    );
    expect(['shop', 'orders', 'db'].map((id) => places.get(id)?.x)).toEqual([0, 1, 2]);
  });

  it('bears cycles and calls of oneself', () => {
    const places = layOut(
      ['a', 'b', 'c'].map((id) => node(id)),
      ['a>b', 'b>a', 'b>c', 'c>c'].map(edge),
    );
    expect(places.get('c')?.x).toBe(1);
    expect(places.get('a')?.x).toBe(0);
    expect(places.get('b')?.x).toBe(0);
    expect(places.get('a')).not.toEqual(places.get('b'));
  });

  it('leaves out the empty columns of an area', () => {
    const places = layOut([node('shop', 'eu1'), node('db', 'us1')], [edge('shop>db')]);
    expect(places.get('db')).toEqual({ x: 0, y: 0 });
  });

  it('continues a full column in the next', () => {
    const ids = Array.from({ length: 30 }, (_, at) => `s${at}`);
    const places = layOut(
      ids.map((id) => node(id)),
      [],
    );
    expect(Math.max(...[...places.values()].map(({ x }) => x))).toBe(2);
  });

  it('never moves what has a place, and never puts two on one', () => {
    const graph = fc.record({
      count: fc.integer({ min: 1, max: 40 }),
      more: fc.integer({ min: 0, max: 20 }),
      edges: fc.array(fc.tuple(fc.nat(59), fc.nat(59)), { maxLength: 120 }),
    });
    fc.assert(
      fc.property(graph, ({ count, more, edges }) => {
        const named = edges.map(([a, b]) => ({ source: `s${a}`, target: `s${b}` }));
        const nodes = Array.from({ length: count + more }, (_, at) => node(`s${at}`, `area${at % 3}`));
        const first = layOut(nodes.slice(0, count), named);
        const second = layOut(nodes, named, first);
        for (const [id, place] of first) expect(second.get(id)).toEqual(place);
        const keys = nodes.map(({ id, area }) => `${area} ${JSON.stringify(second.get(id))}`);
        expect(new Set(keys).size).toBe(nodes.length);
        expect(layOut(nodes, named, first)).toEqual(second);
      }),
      { numRuns: 200 },
    );
  });

  it('forgets a kept place that two claim', () => {
    const kept = new Map([
      ['a', { x: 0, y: 0 }],
      ['b', { x: 0, y: 0 }],
    ]);
    const places = layOut([node('a'), node('b')], [], kept);
    expect(places.get('a')).not.toEqual(places.get('b'));
  });
});
