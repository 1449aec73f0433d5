import type { AccessLogItem } from '@netring/contract/graph';
import type { Colours } from './colours.ts';
import { curveOf, pointAt } from './curve.ts';
import type { Edge, Scene } from './scene.ts';
import type { View } from './view.ts';

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
  /** Draws what is under way; false when nothing is. `still`: no movement, the dependency itself lights up. */
  draw(
    on: CanvasRenderingContext2D,
    scene: Scene,
    view: View,
    colours: Colours,
    look: { nowMs: number; pixelRatio: number; still: boolean },
  ): boolean;
}

/** 2xx and 3xx are well; 4xx is the client's; everything else is a failure; without a status nobody knows. */
export function flashKind(status: number | undefined): Flash['kind'] {
  if (status === undefined) return 'unknown';
  if (status >= 100 && status < 400) return 'ok';
  return status >= 400 && status < 500 ? 'client' : 'failed';
}

export function createFlashes(): Flashes {
  let all: Flash[] = [];
  return {
    add(items, nowMs) {
      for (const { dependency, status, ingress } of items) {
        if (dependency === undefined || all.length >= most) continue;
        // Requests of one telling came within two seconds: they are spread, or all would move as one.
        const startedMs = nowMs + Math.random() * 1_000;
        all.push({ edge: dependency, startedMs, kind: flashKind(status), ingress });
      }
    },
    draw(on, scene, view, colours, { nowMs, pixelRatio, still }) {
      on.setTransform(1, 0, 0, 1, 0, 0);
      on.clearRect(0, 0, on.canvas.width, on.canvas.height);
      all = all.filter(({ startedMs }) => nowMs - startedMs < lastsMs);
      if (all.length === 0) return false;
      const scale = view.scale * pixelRatio;
      on.setTransform(scale, 0, 0, scale, view.x * pixelRatio, view.y * pixelRatio);
      const edges = new Map(scene.edges.map((one) => [one.id, one]));
      for (const flash of all) {
        const edge = edges.get(flash.edge);
        if (edge === undefined || flash.startedMs > nowMs) continue;
        drawFlash(on, edge, flash, colours, (nowMs - flash.startedMs) / lastsMs, still);
      }
      on.globalAlpha = 1;
      return true;
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
