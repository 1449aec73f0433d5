import { describe, expect, test } from 'vitest';
import { exampleDependency, exampleService } from '../example/example-graph.ts';
import { curveOf, distanceTo, pointAt } from './curve.ts';
import { sceneOf, type Edge, type Node } from './scene.ts';
import { fitted, pickAt, toWorld, zoomed } from './view.ts';

const scene = sceneOf(
  ['us1/web', 'us1/api', 'eu1/db'].map((id) => exampleService(id)),
  [exampleDependency('us1/web', 'us1/api'), exampleDependency('us1/api', 'eu1/db')],
  new Map(),
);
const box = (x: number, y: number): Node =>
  ({ id: `${x} ${y}`, x, y, width: 100, height: 40 }) as Partial<Node> as Node;

describe('a curve', () => {
  const at = box(500, 500);
  test.for([
    ['right of it', box(900, 300), 600, 900],
    ['left of it', box(100, 700), 500, 200],
    ['above it', box(520, 100), 600, 620],
  ] as const)('to what stands %s leaves and enters on the sides that face', ([, to, leaves, enters]) => {
    const [start, , , end] = curveOf({ from: at, to });
    expect([start.x, end.x]).toEqual([leaves, enters]);
    expect([start.y, end.y]).toEqual([520, to.y + 20]);
  });

  test('of what calls itself is a loop above it', () => {
    const curve = curveOf({ from: at, to: at });
    expect(pointAt(curve, 0.5).y).toBeLessThan(at.y);
  });

  test('begins and ends at its ends, and lies on itself', () => {
    const curve = curveOf({ from: at, to: box(900, 300) });
    expect([pointAt(curve, 0), pointAt(curve, 1)]).toEqual([curve[0], curve[3]]);
    expect(distanceTo(curve, pointAt(curve, 0.52))).toBeLessThan(10);
    expect(distanceTo(curve, { x: 600, y: 2_000 })).toBeGreaterThan(1_000);
  });
});

describe('a view', () => {
  test.for([
    [1920, 800],
    [390, 500],
    [10, 10],
  ] as const)('of %d × %d shows the middle of the scene in its middle', ([width, height]) => {
    const view = fitted(scene, width, height);
    const middle = toWorld(view, { x: width / 2, y: height / 2 });
    expect(middle.x).toBeCloseTo(scene.width / 2);
    expect(middle.y).toBeCloseTo(scene.height / 2);
    expect(view.scale).toBeGreaterThan(0);
  });

  test('zooms around the point that is pointed at, within bounds', () => {
    const view = fitted(scene, 1_000, 600);
    const at = { x: 700, y: 100 };
    const closer = zoomed(view, 1.5, at);
    expect(closer.scale).toBeGreaterThan(view.scale);
    expect(toWorld(closer, at).x).toBeCloseTo(toWorld(view, at).x);
    expect(toWorld(closer, at).y).toBeCloseTo(toWorld(view, at).y);
    expect(zoomed(view, 1e9, at).scale).toBe(zoomed(view, 1e12, at).scale);
    expect(zoomed(view, 1e-9, at).scale).toBe(zoomed(view, 1e-12, at).scale);
  });
});

describe('picking', () => {
  const view = fitted(scene, 1_000, 600);
  const screen = ({ x, y }: { x: number; y: number }) => ({
    x: x * view.scale + view.x,
    y: y * view.scale + view.y,
  });

  test('finds each service by its middle', () => {
    for (const node of scene.nodes) {
      const found = pickAt(scene, view, screen({ x: node.x + node.width / 2, y: node.y + node.height / 2 }));
      expect(found).toEqual({ kind: 'service', node });
    }
  });

  test('finds a dependency on its curve and a little beside it', () => {
    const edge = scene.edges[0] as Edge;
    const middle = screen(pointAt(curveOf(edge), 0.5));
    for (const dy of [0, 5]) {
      expect(pickAt(scene, view, { x: middle.x, y: middle.y + dy })).toEqual({ kind: 'dependency', edge });
    }
  });

  test('finds nothing where nothing is', () => {
    expect(pickAt(scene, view, { x: -500, y: -500 })).toBeUndefined();
  });
});

describe('on a screen that is higher than wide', () => {
  const many = Array.from({ length: 12 }, (_, at) => exampleService(`eu1/s${at}`));
  const tall = sceneOf(
    [exampleService('us1/web'), exampleService('us1/api'), exampleService('bank'), ...many],
    [exampleDependency('us1/web', 'us1/api'), exampleDependency('us1/api', 'bank')],
    new Map([['us1/web', { x: 3, y: 7 }]]),
    { isTall: true },
  );

  test('locations stand under each other, two cards in a row, whatever stands where on wide ones', () => {
    const tops = tall.areas.map(({ y }) => y);
    expect([...tops].sort((a, b) => a - b)).toEqual(tops);
    expect(new Set(tall.areas.map(({ x, width }) => `${x} ${width}`)).size).toBe(1);
    expect(new Set(tall.nodes.map(({ x }) => x)).size).toBe(2);
    expect(new Set(tall.nodes.map(({ x, y }) => `${x} ${y}`)).size).toBe(tall.nodes.length);
  });

  test('the whole width is shown, large enough to be read, from the top', () => {
    const view = fitted(tall, 374, 500);
    expect(13 * view.scale).toBeGreaterThan(10);
    expect(view.x).toBeGreaterThanOrEqual(0);
    expect(view.x + tall.width * view.scale).toBeLessThanOrEqual(374);
    expect(view.y).toBe(8);
  });

  test('it begins where trouble is', () => {
    const bad = sceneOf([...many, exampleService('us1/bad', { health: 'failing' })], [], new Map(), {
      isTall: true,
    });
    const view = fitted(bad, 374, 500);
    const { y = 0, height = 0 } = bad.nodes.find(({ name }) => name === 'bad') ?? {};
    expect(y * view.scale + view.y).toBeGreaterThan(0);
    expect((y + height) * view.scale + view.y).toBeLessThan(500);
  });
});
