import { describe, expect, test } from 'vitest';
import { exampleDependency, exampleService } from '../example/example-graph.ts';
import { areaDropOf, areaStepOf, dropOf, stepOf } from './arrange.ts';
import { differenceOf } from './fresh.ts';
import { sceneOf, type Scene } from './scene.ts';
import { createStill } from './still.ts';

const names = ['a', 'b', 'c', 'd', 'e', 'f'];
const all = ['us1', 'eu1', 'ap1'].flatMap((location) =>
  names.map((name) => exampleService(`${location}/${name}`)),
);
const calls = [exampleDependency('us1/a', 'us1/b'), exampleDependency('us1/b', 'eu1/a')];
const standsOf = (scene: Scene): string[] => scene.nodes.map(({ id, x, y }) => `${id} ${x} ${y}`);

describe('while a screen remembers', () => {
  test('who comes and who goes moves nobody, a whole location neither', () => {
    const still = createStill();
    const first = sceneOf(all, calls, new Map(), { still });
    const fewer = all.filter(({ service_id: id }) => id !== 'ap1/c' && !id.startsWith('eu1/'));
    const without = sceneOf(fewer, calls, new Map(), { still });
    for (const one of standsOf(without)) expect(standsOf(first)).toContain(one);
    const more = [
      ...all,
      exampleService('us1/new'),
      exampleService('us2/new'),
      exampleService('shop.example'),
    ];
    const after = sceneOf(more, calls, new Map(), { still });
    for (const one of standsOf(first)) expect(standsOf(after)).toContain(one);
    expect(after.nodes).toHaveLength(all.length + 3);
  });

  test('what has not changed is the same object again, and what has is another', () => {
    const still = createStill();
    const first = sceneOf(all, calls, new Map(), { still });
    const [one, other] = calls as [(typeof calls)[0], (typeof calls)[0]];
    const next = sceneOf(all, [one, { ...other, health: 'slow' }], new Map(), { still });
    expect(next.edges[0]).toBe(first.edges[0]);
    expect(next.edges[1]).not.toBe(first.edges[1]);
    expect(next.nodes[0]).toBe(first.nodes[0]);
    expect(differenceOf(first, next)).toEqual({ kind: 'looks' });
  });

  test('what is more can be told from what is otherwise', () => {
    const still = createStill();
    const first = sceneOf(all, calls, new Map(), { still });
    const fresh = exampleDependency('us1/a', 'us1/c');
    const more = sceneOf(all, [...calls, fresh], new Map(), { still });
    expect(differenceOf(first, more)).toMatchObject({ kind: 'more', nodes: [], edges: [{ id: fresh.id }] });
    expect(differenceOf(more, first)).toEqual({ kind: 'other' });
    const moved = sceneOf(all, calls, new Map([['us1/a', { x: 2, y: 3 }]]), { still });
    expect(differenceOf(first, moved)).toEqual({ kind: 'other' });
  });
});

test('several between two run beside each other, both ways, and keep their side', () => {
  const still = createStill();
  const back = exampleDependency('us1/b', 'us1/a');
  const grpc = exampleDependency('us1/a', 'us1/b', { id: 'grpc', protocol: 'grpc' });
  const scene = sceneOf(all, [...calls, back, grpc], new Map(), { still });
  const lanes = (of: Scene) => ['us1/a>us1/b', 'us1/b>us1/a', 'grpc'].map((id) => of.edgeOf.get(id)?.lane);
  expect(lanes(scene)).toEqual([0, 1, 2]);
  const without = sceneOf(all, [back, { ...grpc, request_count: 1 }], new Map(), { still });
  expect(lanes(without)).toEqual([undefined, 1, 2]);
});

describe('a service is put', () => {
  const scene = sceneOf(all, calls, new Map());
  const nodeOf = (id: string) => scene.nodes.find((one) => one.id === id) as Scene['nodes'][0];
  const [a, b] = [nodeOf('us1/a'), nodeOf('us1/b')];

  test('where it is dropped, or beside who stands there, and never outside its location', () => {
    const area = scene.areas.find(({ key }) => key === 'us1');
    expect(dropOf(scene, a, { x: a.x + 5, y: a.y + 5 })?.place).toEqual({ ...a.place, pinned: true });
    const beside = dropOf(scene, a, { x: b.x + 5, y: b.y + 5 })?.place;
    expect(beside).not.toMatchObject(b.place ?? {});
    const far = dropOf(scene, a, { x: 1e6, y: 1e6 })?.box;
    expect((far?.x ?? 0) + (far?.width ?? 0)).toBeLessThan((area?.x ?? 0) + (area?.width ?? 0));
  });

  test('a step on, over others, and not beyond the edge', () => {
    const taken = new Set(
      scene.nodes.filter(({ area }) => area === 'us1').map(({ place }) => `${place?.x} ${place?.y}`),
    );
    const under = stepOf(scene, a, 0, 1)?.place;
    expect(taken.has(`${under?.x} ${under?.y}`)).toBe(false);
    expect(under?.x).toBe(a.place?.x);
    const corner = scene.nodes.find(({ place }) => place?.x === 0 && place.y === 0) as Scene['nodes'][0];
    expect(stepOf(scene, corner, -1, 0)).toBeUndefined();
  });
});

test('an area is put where it stands in nobody’s way', () => {
  const scene = sceneOf(all, calls, new Map());
  const [first, second] = scene.areas as [Scene['areas'][0], Scene['areas'][0]];
  expect(areaDropOf(scene, first, second)).toBeUndefined();
  const drop = areaDropOf(scene, first, { x: 0, y: 3_000 });
  expect(drop?.place).toMatchObject({ x: 0, pinned: true });
  const step = areaStepOf(scene, first, 1, 0);
  expect(step?.box.x).toBeGreaterThan(first.x);
  const moved = sceneOf(all, calls, new Map([[`area:${first.key}`, drop?.place ?? { x: 0, y: 0 }]]));
  expect(moved.areas.find(({ key }) => key === first.key)?.y).toBe(drop?.place.y);
  for (const one of moved.areas.filter(({ key }) => key !== first.key))
    expect(one).toMatchObject({ x: scene.areas.find(({ key }) => key === one.key)?.x });
});
