import type { AccessLogItem } from '@netring/contract/graph';
import { describe, expect, test } from 'vitest';
import { exampleDependency, exampleService } from '../example/example-graph.ts';
import type { Look } from './look.ts';
import { createFlashes, flashKind } from './flashes.ts';
import { sceneOf } from './scene.ts';

test.for([
  [undefined, 'unknown'],
  [101, 'ok'],
  [200, 'ok'],
  [304, 'ok'],
  [399, 'ok'],
  [400, 'client'],
  [499, 'client'],
  [500, 'failed'],
  [599, 'failed'],
  [0, 'failed'],
] as const)('status %s flashes as %s', ([status, kind]) => {
  expect(flashKind(status)).toBe(kind);
});

const scene = sceneOf(
  [exampleService('us1/a'), exampleService('us1/b')],
  [exampleDependency('us1/a', 'us1/b')],
  new Map(),
);
const isDrawn = (dependency: string): boolean => scene.edgesOf(dependency).length > 0;
const colours = { tones: { ok: 'green', bad: 'red', unknown: 'grey', warn: 'yellow' } };
const look = {
  scene,
  view: { scale: 1, x: 0, y: 0 },
  colours,
  pixelRatio: 1,
  lit: undefined,
} as Partial<Look> as Look;

interface Drawn {
  arcs: { x: number; radius: number; colour: string; alpha: number }[];
  strokes: number;
  clears: number;
}

/** A canvas that only remembers what was drawn on it. */
function canvas(): { on: CanvasRenderingContext2D; drawn: Drawn } {
  const drawn: Drawn = { arcs: [], strokes: 0, clears: 0 };
  const nothing = (): void => undefined;
  const on = {
    canvas: { width: 100, height: 100 },
    setTransform: nothing,
    clearRect: () => drawn.clears++,
    beginPath: nothing,
    moveTo: nothing,
    bezierCurveTo: nothing,
    fill: nothing,
    stroke: () => drawn.strokes++,
    globalAlpha: 1,
    fillStyle: '',
    arc: (x: number, _y: number, radius: number) =>
      drawn.arcs.push({ x, radius, colour: on.fillStyle, alpha: on.globalAlpha }),
  };
  return { on: on as unknown as CanvasRenderingContext2D, drawn };
}

function request(but: Partial<AccessLogItem> = {}): AccessLogItem {
  return {
    dependency: 'us1/a>us1/b',
    status: 200,
    ingress: false,
    ...but,
  } as Partial<AccessLogItem> as AccessLogItem;
}

describe('flashes', () => {
  test('move from the caller to the callee, and end', () => {
    const flashes = createFlashes(() => 0);
    const { on, drawn } = canvas();
    flashes.add([request()], 1_000, isDrawn);
    for (const nowMs of [1_000, 1_300, 1_600, 1_899]) flashes.draw(on, look, nowMs, false);
    const xs = drawn.arcs.map(({ x }) => x);
    expect(xs).toEqual([...xs].sort((a, b) => a - b));
    expect(xs).toHaveLength(4);
    flashes.draw(on, look, 1_900, false);
    expect([drawn.arcs.length, flashes.count]).toEqual([4, 0]);
  });

  test('of one telling begin one after the other, within a second', () => {
    const parts = [0.9, 0.1];
    const flashes = createFlashes(() => parts.pop() ?? 0);
    const { on, drawn } = canvas();
    flashes.add([request(), request()], 0, isDrawn);
    flashes.draw(on, look, 50, false);
    expect(drawn.arcs).toHaveLength(0);
    flashes.draw(on, look, 150, false);
    expect(drawn.arcs).toHaveLength(1);
    flashes.draw(on, look, 950, false);
    expect(drawn.arcs).toHaveLength(3);
  });

  test('tell by colour and strength how it went, and by a ring that it came from outside', () => {
    const drawnOf = (but: Partial<AccessLogItem>) => {
      const flashes = createFlashes(() => 0);
      const { on, drawn } = canvas();
      flashes.add([request(but)], 0, isDrawn);
      flashes.draw(on, look, 100, false);
      return drawn.arcs.map(({ radius, colour, alpha }) => [radius, colour, alpha]);
    };
    expect(drawnOf({})).toEqual([[5, 'green', 1]]);
    expect(drawnOf({ status: 404 })).toEqual([[5, 'red', 0.55]]);
    expect(drawnOf({ status: 503 })).toEqual([[5, 'red', 1]]);
    expect(drawnOf({ ingress: true }).map(([radius]) => radius)).toEqual([5, 9]);
  });

  test('stand still for who wants no motion: the dependency lights up', () => {
    const flashes = createFlashes(() => 0);
    const { on, drawn } = canvas();
    flashes.add([request()], 0, isDrawn);
    flashes.draw(on, look, 100, true);
    expect([drawn.arcs.length, drawn.strokes]).toEqual([0, 1]);
  });

  test('are bounded and counted, and leave out what belongs to no dependency that is drawn', () => {
    const flashes = createFlashes(() => 0);
    const { dependency: _none, ...unknown } = request();
    const elsewhere = request({ dependency: 'us1/a>us1/c' });
    expect(flashes.add([unknown, elsewhere], 0, isDrawn)).toBe(0);
    expect(flashes.count).toBe(0);
    const many = Array.from({ length: 200 }, () => request());
    expect([200, 100, 0].map(() => flashes.add(many, 0, isDrawn))).toEqual([200, 100, 0]);
    expect(flashes.count).toBe(300);
    // A hidden tab draws none: what is over makes room all the same.
    expect(flashes.add([request()], 5_000, isDrawn)).toBe(1);
    expect(flashes.count).toBe(1);
  });

  test('cost nothing while there are none', () => {
    const flashes = createFlashes(() => 0);
    const { on, drawn } = canvas();
    flashes.draw(on, look, 0, false);
    expect(drawn.clears).toBe(0);
    flashes.add([request()], 0, isDrawn);
    for (const nowMs of [10, 2_000, 3_000, 4_000]) flashes.draw(on, look, nowMs, false);
    expect(drawn.clears).toBe(2);
  });
});
