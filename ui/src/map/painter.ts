import { drawScene, type Look } from './draw-scene.ts';
import type { Flashes } from './flashes.ts';

/** Draws the map on two canvases that lie over each other, without holding up the page. */
export interface Painter {
  /**
   * Shows the map so. What a person moves is seen with the next frame: by shifting what is drawn, which is then drawn anew.
   * What changes by itself is drawn at most twice a second.
   */
  show(look: Look): void;
  /** The canvases have a new size, in pixels of the screen. */
  resize(width: number, height: number): void;
  /** Whether requests stand still with the picture. */
  standing: boolean;
  stop(): void;
}

const restMs = 500;
/** Of a frame of 16 ms, what drawing may take. */
const sliceMs = 4;

/** What is drawn is made on a canvas behind, in slices, and shown when it is whole. `drawn` is called then. */
export function createPainter(
  still: HTMLCanvasElement,
  moving: HTMLCanvasElement,
  flashes: Flashes,
  drawn: (look: Look) => void,
): Painter {
  const [onStill, onMoving] = [contextOf(still), contextOf(moving)];
  const behind = document.createElement('canvas');
  // Drawn by the processor and at once: a record of strokes that is drawn when the frame ends would hold that frame up.
  const onBehind = contextOf(behind, { willReadFrequently: true });
  const calm = matchMedia('(prefers-reduced-motion: reduce)');
  let look: Look | undefined;
  let wanted: 'no' | 'soon' | 'now' = 'no';
  let under: { look: Look; steps: Generator<undefined, void> } | undefined;
  let shown: Look | undefined;
  let shownMs = -Infinity;

  const work = (): void => {
    if (look === undefined || behind.width === 0) return;
    const startedMs = performance.now();
    if (wanted === 'now' || (wanted === 'soon' && under === undefined && startedMs - shownMs >= restMs)) {
      under = { look, steps: drawScene(onBehind, look) };
      wanted = 'no';
    }
    while (under !== undefined && performance.now() - startedMs < sliceMs) {
      const isDone = under.steps.next().done === true;
      onBehind.getImageData(0, 0, 1, 1);
      if (isDone) finish(under.look);
    }
  };
  const finish = (whole: Look): void => {
    under = undefined;
    shown = whole;
    shownMs = performance.now();
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
    still.style.transform =
      scale === 1 && x === 0 && y === 0 ? '' : `matrix(${scale},0,0,${scale},${x},${y})`;
  };
  let frame = requestAnimationFrame(function next(nowMs: number): void {
    frame = requestAnimationFrame(next);
    work();
    if (look !== undefined && !painter.standing) flashes.draw(onMoving, look, nowMs, calm.matches);
  });

  const painter: Painter = {
    standing: false,
    show(next) {
      const bySelf =
        look !== undefined &&
        look.view === next.view &&
        look.lit?.selected === next.lit?.selected &&
        look.colours === next.colours;
      const isMoved = look !== undefined && look.view !== next.view && look.scene === next.scene;
      look = next;
      if (isMoved) shift();
      // While somebody pulls the map about, what is under way is finished first.
      wanted = bySelf || (isMoved && under !== undefined) ? (wanted === 'now' ? 'now' : 'soon') : 'now';
      if (isMoved && wanted === 'soon') shownMs = -Infinity;
    },
    resize(width, height) {
      for (const one of [still, moving, behind]) [one.width, one.height] = [width, height];
      [under, shown, wanted] = [undefined, undefined, 'now'];
    },
    stop: () => cancelAnimationFrame(frame),
  };
  return painter;
}

function contextOf(
  canvas: HTMLCanvasElement,
  settings?: CanvasRenderingContext2DSettings,
): CanvasRenderingContext2D {
  const context = canvas.getContext('2d', settings);
  if (context === null) throw new Error('This browser has no canvas to draw on.');
  return context;
}
