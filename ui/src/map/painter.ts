import { createSceneDrawing, type SceneDrawing } from './draw-scene.ts';
import type { Flashes } from './flashes.ts';
import { differenceOf } from './fresh.ts';
import type { Look } from './look.ts';

/** Draws the map on two canvases that lie over each other, without holding up the page. */
export interface Painter {
  /**
   * Shows the map so. What a person moves is seen with the next frame: by shifting what is drawn, which is then drawn anew.
   * What is new is drawn at once, over what is there. What changes otherwise by itself is drawn at most twice a second.
   */
  show(look: Look): void;
  /** The canvases have a new size, in pixels of the screen. */
  resize(width: number, height: number): void;
  /** Whether requests stand still with the picture. */
  standing: boolean;
  stop(): void;
}

const restMs = 500;
/** Of a frame of 16 ms, what drawing may take: when numbers change, and when somebody waits for another picture. */
const slicesMs = { calm: 4, hurried: 9 };
/** So many new ones are drawn over the others within a frame. */
const mostAtOnce = 400;

/** What is drawn is made on a canvas behind, in slices, and shown when it is whole. `drawn` is called then. */
export function createPainter(
  still: HTMLCanvasElement,
  moving: HTMLCanvasElement,
  flashes: Flashes,
  drawn: (look: Look) => void,
): Painter {
  const onMoving = contextOf(moving);
  const calm = matchMedia('(prefers-reduced-motion: reduce)');
  const layer = createStillLayer(still, drawn);
  let frame = requestAnimationFrame(function next(nowMs: number): void {
    frame = requestAnimationFrame(next);
    layer.work();
    const { look } = layer;
    if (look !== undefined && !painter.standing) flashes.draw(onMoving, look, nowMs, calm.matches);
  });
  const painter: Painter = {
    standing: false,
    show: (look) => layer.show(look),
    resize(width, height) {
      [moving.width, moving.height] = [width, height];
      layer.resize(width, height);
    },
    stop: () => cancelAnimationFrame(frame),
  };
  return painter;
}

/** The layer that stands still. */
interface StillLayer {
  readonly look: Look | undefined;
  readonly show: (look: Look) => void;
  readonly resize: (width: number, height: number) => void;
  /** Draws for as long as a frame allows. */
  readonly work: () => void;
}

interface Under {
  look: Look;
  steps: Generator<undefined, void>;
  startedMs: number;
  hurried: boolean;
}

function createStillLayer(still: HTMLCanvasElement, drawn: (look: Look) => void): StillLayer {
  const onStill = contextOf(still);
  const behind = document.createElement('canvas');
  // Drawn by the processor and at once: a record of strokes that is drawn when the frame ends would hold that frame up.
  const onBehind = contextOf(behind, { willReadFrequently: true });
  const drawing: SceneDrawing = createSceneDrawing();
  let look: Look | undefined;
  let wanted: 'no' | 'soon' | 'calmly' | 'now' = 'no';
  let under: Under | undefined;
  /** What is on the screen. */
  let shown: Look | undefined;
  let restedFromMs = -Infinity;
  let costMs = 0;

  const begin = (nowMs: number): void => {
    if (look === undefined || wanted === 'no') return;
    // A picture that takes long to draw is drawn more rarely.
    const rests = under !== undefined || nowMs - restedFromMs < Math.max(restMs, costMs);
    if (wanted === 'soon' && rests) return;
    under = { look, steps: drawing.whole(onBehind, look), startedMs: nowMs, hurried: wanted === 'now' };
    wanted = 'no';
  };
  const finish = ({ look: whole, startedMs }: Under): void => {
    [under, shown] = [undefined, whole];
    restedFromMs = performance.now();
    costMs = restedFromMs - startedMs;
    onStill.setTransform(1, 0, 0, 1, 0, 0);
    onStill.globalCompositeOperation = 'copy';
    onStill.drawImage(behind, 0, 0);
    shift();
    drawn(whole);
  };
  /** What was drawn for another view stands where it belongs in this one. */
  const shift = (): void => {
    if (look === undefined || shown === undefined) return;
    const scale = look.view.scale / shown.view.scale;
    const [x, y] = [look.view.x - shown.view.x * scale, look.view.y - shown.view.y * scale];
    const isIn = scale === 1 && x === 0 && y === 0;
    still.style.transform = isIn ? '' : `matrix(${scale},0,0,${scale},${x},${y})`;
  };
  /** By itself, something is otherwise than on the screen. */
  const follow = (next: Look, before: Look): void => {
    const difference = shown?.view === next.view ? differenceOf(before.scene, next.scene) : undefined;
    if (difference?.kind === 'more' && difference.nodes.length + difference.edges.length <= mostAtOnce) {
      drawing.more(onStill, next, difference);
      [shown, under] = [next, undefined];
      drawn(next);
      if (wanted !== 'now') wanted = 'calmly';
    } else if (difference === undefined || difference.kind === 'looks')
      wanted = wanted === 'no' ? 'soon' : wanted;
    else wanted = 'now';
  };
  return {
    get look() {
      return look;
    },
    show(next) {
      const before = look;
      look = next;
      const isLooked =
        before !== undefined &&
        before.lit?.selected === next.lit?.selected &&
        before.colours === next.colours;
      if (!isLooked) wanted = 'now';
      else if (before.view === next.view) follow(next, shown ?? before);
      else {
        if (before.scene === next.scene) shift();
        // While somebody pulls the map about, what is under way is finished first.
        if (before.scene !== next.scene || under === undefined) wanted = 'now';
        else [wanted, restedFromMs, costMs] = [wanted === 'now' ? 'now' : 'soon', -Infinity, 0];
      }
    },
    resize(width, height) {
      for (const one of [still, behind]) [one.width, one.height] = [width, height];
      [under, shown, wanted] = [undefined, undefined, 'now'];
    },
    work() {
      if (behind.width === 0) return;
      const startedMs = performance.now();
      begin(startedMs);
      while (under !== undefined) {
        const sliceMs = under.hurried ? slicesMs.hurried : slicesMs.calm;
        if (performance.now() - startedMs >= sliceMs) return;
        const isDone = under.steps.next().done === true;
        onBehind.getImageData(0, 0, 1, 1);
        if (isDone) finish(under);
      }
    },
  };
}

function contextOf(
  canvas: HTMLCanvasElement,
  settings?: CanvasRenderingContext2DSettings,
): CanvasRenderingContext2D {
  const context = canvas.getContext('2d', settings);
  if (context === null) throw new Error('This browser has no canvas to draw on.');
  return context;
}
