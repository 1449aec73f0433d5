import type { AccessLogItem } from '@netring/contract/graph';
import type { Colours } from './colours.ts';
import { curveOf, pointAt } from './curve.ts';
import type { Look } from './draw-scene.ts';
import type { Edge } from './scene.ts';

/** A request on its way along its dependency. Times are milliseconds of one monotonic clock. */
interface Flash {
  edge: string;
  startedMs: number;
  kind: 'ok' | 'client' | 'failed' | 'unknown';
  ingress: boolean;
}

const lastsMs = 900;
const most = 300;

/** The requests that flash on the map. */
export interface Flashes {
  /** Lets requests flash that belong to a dependency; those beyond the bound are left out. */
  add(items: readonly AccessLogItem[], nowMs: number): void;
  /** Draws what is under way at `nowMs`. `still`: no movement, the dependency itself lights up. */
  draw(on: CanvasRenderingContext2D, look: Look, nowMs: number, still: boolean): void;
  /** How many are under way or about to begin. */
  readonly count: number;
}

/** 2xx and 3xx are well; 4xx is the client's; everything else is a failure; without a status nobody knows. */
export function flashKind(status: number | undefined): Flash['kind'] {
  if (status === undefined) return 'unknown';
  if (status >= 100 && status < 400) return 'ok';
  return status >= 400 && status < 500 ? 'client' : 'failed';
}

/** `random` spreads those that were told together: 0 up to 1. */
export function createFlashes(random: () => number = Math.random): Flashes {
  let all: Flash[] = [];
  let drawn = false;
  return {
    add(items, nowMs) {
      all = all.filter(({ startedMs }) => nowMs - startedMs < lastsMs);
      for (const { dependency, status, ingress } of items) {
        if (dependency === undefined || all.length >= most) continue;
        // Requests of one telling came within a second or two: they are spread, or all would move as one.
        const startedMs = nowMs + random() * 1_000;
        all.push({ edge: dependency, startedMs, kind: flashKind(status), ingress });
      }
    },
    draw(on, { scene, view, colours, pixelRatio }, nowMs, still) {
      all = all.filter(({ startedMs }) => nowMs - startedMs < lastsMs);
      if (all.length === 0 && !drawn) return;
      on.setTransform(1, 0, 0, 1, 0, 0);
      on.clearRect(0, 0, on.canvas.width, on.canvas.height);
      drawn = all.length > 0;
      const scale = view.scale * pixelRatio;
      on.setTransform(scale, 0, 0, scale, view.x * pixelRatio, view.y * pixelRatio);
      for (const flash of all) {
        const edge = scene.edgeOf.get(flash.edge);
        if (edge === undefined || flash.startedMs > nowMs) continue;
        drawFlash(on, edge, flash, colours, (nowMs - flash.startedMs) / lastsMs, still);
      }
      on.globalAlpha = 1;
    },
    get count() {
      return all.length;
    },
  };
}

function drawFlash(
  on: CanvasRenderingContext2D,
  edge: Edge,
  { kind, ingress }: Flash,
  colours: Colours,
  part: number,
  still: boolean,
): void {
  const tone = colours.tones[kind === 'ok' || kind === 'unknown' ? kind : 'bad'];
  const curve = curveOf(edge);
  on.globalAlpha = (kind === 'client' ? 0.55 : 1) * (part > 0.8 ? (1 - part) / 0.2 : 1);
  on.fillStyle = on.strokeStyle = tone;
  if (still) {
    const [a, b, c, d] = curve;
    on.lineWidth = edge.width + 3;
    on.beginPath();
    on.moveTo(a.x, a.y);
    on.bezierCurveTo(b.x, b.y, c.x, c.y, d.x, d.y);
    on.stroke();
    return;
  }
  const at = pointAt(curve, part);
  on.beginPath();
  on.arc(at.x, at.y, 5, 0, 2 * Math.PI);
  on.fill();
  if (!ingress) return;
  // From outside into a private network: a ring around it.
  on.lineWidth = 2;
  on.beginPath();
  on.arc(at.x, at.y, 9, 0, 2 * Math.PI);
  on.stroke();
}
