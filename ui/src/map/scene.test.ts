import { describe, expect, test } from 'vitest';
import { exampleDependency, exampleService } from '../example/example-graph.ts';
import { sceneOf, type Box } from './scene.ts';

const services = [
  exampleService('us1/web'),
  exampleService('us1/api'),
  exampleService('eu1/db'),
  exampleService('203.0.113.7', { fan_in: 0 }),
  exampleService('api.pay.example', { fan_in: 2 }),
];
const dependencies = [
  exampleDependency('203.0.113.7', 'us1/web'),
  exampleDependency('us1/web', 'us1/api'),
  exampleDependency('us1/api', 'eu1/db'),
  exampleDependency('us1/api', 'api.pay.example'),
];
const none = new Map();
const inside = (inner: Box, outer: Box): boolean =>
  inner.x >= outer.x &&
  inner.y >= outer.y &&
  inner.x + inner.width <= outer.x + outer.width &&
  inner.y + inner.height <= outer.y + outer.height;
const apart = (a: Box, b: Box): boolean =>
  a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;

describe('a scene', () => {
  const scene = sceneOf(services, dependencies, none);

  test('has an area for each location, outside callers first and who is called outside last', () => {
    expect(scene.areas.map(({ title, outside }) => [title, outside])).toEqual([
      ['From outside', true],
      ['eu1', false],
      ['us1', false],
      ['Outside', true],
    ]);
  });

  test('has every service in its area, and nothing over anything', () => {
    const areaOf = new Map(scene.areas.map((one) => [one.title, one]));
    for (const node of scene.nodes) {
      const service = services.find((one) => one.service_id === node.id);
      const title = service?.location ?? (service?.fan_in === 0 ? 'From outside' : 'Outside');
      expect([node.id, inside(node, areaOf.get(title) as Box)]).toEqual([node.id, true]);
      for (const other of scene.nodes) if (other !== node) expect(apart(node, other)).toBe(true);
    }
    for (const area of scene.areas) {
      expect(inside(area, { x: 0, y: 0, ...scene })).toBe(true);
      for (const other of scene.areas) if (other !== area) expect(apart(area, other)).toBe(true);
    }
  });

  test('has callers left of callees within a location', () => {
    expect(scene.nodeOf.get('us1/web')?.x).toBeLessThan(scene.nodeOf.get('us1/api')?.x ?? 0);
  });

  test('is the same whatever order it is told in', () => {
    const other = sceneOf([...services].reverse(), [...dependencies].reverse(), none);
    expect(other.nodes).toEqual(scene.nodes);
  });

  test('keeps told positions, and finds a place beside them', () => {
    const positions = new Map([
      ['us1/web', { x: 2, y: 1 }],
      ['us1/api', { x: 0, y: 0 }],
    ]);
    const kept = sceneOf(services, dependencies, positions);
    const more = sceneOf([...services, exampleService('us1/new')], dependencies, positions);
    for (const id of ['us1/web', 'us1/api']) expect(more.nodeOf.get(id)).toEqual(kept.nodeOf.get(id));
    expect(kept.nodeOf.get('us1/web')?.x).toBeGreaterThan(kept.nodeOf.get('us1/api')?.x ?? Infinity);
    expect(more.nodes).toHaveLength(services.length + 1);
  });

  test('has rows with many locations, and is empty without services', () => {
    const many = Array.from({ length: 12 }, (_, at) => exampleService(`l${at}/s`));
    const wide = sceneOf(many, [], none);
    expect(wide.width / wide.height).toBeGreaterThan(0.7);
    expect(wide.width / wide.height).toBeLessThan(3);
    expect(new Set(wide.areas.map(({ y }) => y)).size).toBeGreaterThan(1);
    const empty = sceneOf([], [], none);
    expect([empty.nodes, empty.edges, empty.width > 0]).toEqual([[], [], true]);
  });
});

describe('an edge', () => {
  const edge = (but: Parameters<typeof exampleDependency>[2]) =>
    sceneOf(services, [exampleDependency('us1/web', 'us1/api', but)], none).edges[0];

  test.for([
    [{}, { tone: 'ok', path: 'ok', line: 'full', blame: undefined }],
    [{ activity: 'quiet' }, { line: 'dashed' }],
    [{ activity: 'gone' }, { line: 'ghost' }],
    [{ health: 'failing' }, { tone: 'bad' }],
    [{ blame: { verdict: 'network', reasons: [] } }, { tone: 'warn', blame: 'network' }],
    [{ blame: { verdict: 'unknown', reasons: [] } }, { tone: 'ok', blame: undefined }],
    [{ path: { kind: 'local', state: 'ok', reasons: [] } }, { path: undefined }],
    [{ path: { kind: 'none', state: 'unknown', reasons: [] } }, { path: 'unknown' }],
  ] as const)('of %j looks like %j', ([but, looks]) => {
    expect(edge(but as never)).toMatchObject(looks);
  });

  test('is wider the more requests there are, within bounds', () => {
    const widths = [0, 1, 100, 1e9].map((rate) => edge({ requests_per_second: rate })?.width ?? 0);
    expect(widths).toEqual([...widths].sort((a, b) => a - b));
    expect(widths.at(-1)).toBe(5);
  });

  test('needs both its ends', () => {
    expect(sceneOf(services, [exampleDependency('us1/web', 'us1/was')], none).edges).toEqual([]);
  });
});

test('a service that is gone is a ghost in its place', () => {
  const before = sceneOf(services, dependencies, none).nodeOf.get('us1/api');
  const gone = services.map((one) =>
    one.service_id === 'us1/api' ? exampleService('us1/api', { activity: 'gone' }) : one,
  );
  expect(sceneOf(gone, dependencies, none).nodeOf.get('us1/api')).toEqual({ ...before, faded: true });
});
