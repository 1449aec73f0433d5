import { createFitting, type Fitting } from './canvas-text.ts';
import { drawArea, drawHost, drawTitle } from './draw-areas.ts';
import { drawEdges } from './draw-edges.ts';
import { drawTroubledNames, drawWords } from './draw-labels.ts';
import { drawNode } from './draw-nodes.ts';
import { crowdFrom, type Brush, type Look } from './look.ts';
import type { Edge, Node } from './scene.ts';
import { seenThrough, touches } from './view.ts';

/** How many cards are drawn before somebody else may have the processor. */
const cardsInAStep = 60;

/** Draws the layer that stands still. */
export interface SceneDrawing {
  /** All of it: areas, dependencies, services. Between steps, other work may be done. */
  readonly whole: (on: CanvasRenderingContext2D, look: Look) => Generator<undefined, void>;
  /** Only some, over what is there: those that are new. */
  readonly more: (
    on: CanvasRenderingContext2D,
    look: Look,
    fresh: { nodes: readonly Node[]; edges: readonly Edge[] },
  ) => void;
}

export function createSceneDrawing(): SceneDrawing {
  const fitting = createFitting();
  return {
    *whole(on, look) {
      on.setTransform(1, 0, 0, 1, 0, 0);
      on.clearRect(0, 0, on.canvas.width, on.canvas.height);
      const { scene } = look;
      const seen = seenThrough(
        look.view,
        on.canvas.width / look.pixelRatio,
        on.canvas.height / look.pixelRatio,
      );
      const edges = scene.edges.filter((one) => touches(one.bounds, seen));
      const brush = brushFor(on, look, fitting, edges.length);
      for (const area of scene.areas) drawArea(brush, area);
      for (const host of scene.hosts) if (touches(host, seen)) drawHost(brush, host);
      yield;
      yield* drawEdges(brush, edges);
      const nodes = scene.nodes.filter((one) => touches(one, seen));
      for (let at = 0; at < nodes.length; at += cardsInAStep) {
        for (const node of nodes.slice(at, at + cardsInAStep)) drawNode(brush, node);
        yield;
      }
      for (const area of scene.areas) drawTitle(brush, area);
      drawWords(brush, edges, nodes);
      drawTroubledNames(brush, nodes);
    },
    more(on, look, { nodes, edges }) {
      on.globalCompositeOperation = 'source-over';
      const brush = brushFor(on, look, fitting, look.scene.edges.length);
      for (const step of drawEdges(brush, edges)) void step;
      const ends = new Set([...nodes, ...edges.flatMap(({ from, to }) => [from, to])]);
      for (const node of ends) drawNode(brush, node);
    },
  };
}

function brushFor(on: CanvasRenderingContext2D, look: Look, fitting: Fitting, edges: number): Brush {
  const { view, pixelRatio } = look;
  const scale = view.scale * pixelRatio;
  on.setTransform(scale, 0, 0, scale, view.x * pixelRatio, view.y * pixelRatio);
  return { on, look, fitting, pixel: 1 / view.scale, isCrowd: edges > crowdFrom };
}
