import type { AccessLogItem } from '@netring/contract/graph';
import type { Colours } from './colours.ts';
import { pointAt } from './curve.ts';
import type { Look } from './look.ts';
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
  /**
   * Lets requests flash that belong to a dependency which `isDrawn`; those beyond the bound are left out. How many flash.
   */
  add(items: readonly AccessLogItem[], nowMs: number, isDrawn: (dependency: string) => boolean): number;
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
    add(items, nowMs, isDrawn) {
      all = all.filter(({ startedMs }) => nowMs - startedMs < lastsMs);
      const before = all.length;
      for (const { dependency, status, ingress } of items) {
        if (dependency === undefined || all.length >= most || !isDrawn(dependency)) continue;
        // Requests of one telling came within a second or two: they are spread, or all would move as one.
        const startedMs = nowMs + random() * 1_000;
        all.push({ edge: dependency, startedMs, kind: flashKind(status), ingress });
      }
      return all.length - before;
    },
    draw(on, { scene, view, colours, pixelRatio }, nowMs, still) {
      all = all.filter(({ startedMs }) => nowMs - startedMs < lastsMs);
      if (all.length === 0 && !drawn) return;
      on.setTransform(1, 0, 0, 1, 0, 0);
      on.clearRect(0, 0, on.canvas.width, on.canvas.height);
      drawn = all.length > 0;
      const scale = view.scale * pixelRatio;
      on.setTransform(scale, 0, 0, scale, view.x * pixelRatio, view.y * pixelRatio);
      const brush = { on, colours, still, pixel: 1 / view.scale };
      for (const flash of all) {
        if (flash.startedMs > nowMs) continue;
        const edges = scene.edgesOf(flash.edge);
        const part = (nowMs - flash.startedMs) / lastsMs;
        // Between which of several machines it went, nobody said: it is seen on each, and on none of them fully.
        for (const edge of edges) drawFlash(brush, edge, flash, part, edges.length > 1 ? 0.5 : 1);
      }
      on.globalAlpha = 1;
    },
    get count() {
      return all.length;
    },
  };
}

function drawFlash(
  {
    on,
    colours,
    still,
    pixel,
  }: { on: CanvasRenderingContext2D; colours: Colours; still: boolean; pixel: number },
  edge: Edge,
  { kind, ingress }: Flash,
  part: number,
  share: number,
): void {
  on.globalAlpha = share * (kind === 'client' ? 0.55 : 1) * (part > 0.8 ? (1 - part) / 0.2 : 1);
  on.fillStyle = on.strokeStyle = colours.tones[kind === 'ok' || kind === 'unknown' ? kind : 'bad'];
  if (still) {
    const [a, b, c, d] = edge.curve;
    on.lineWidth = edge.width + 3;
    on.beginPath();
    on.moveTo(a.x, a.y);
    on.bezierCurveTo(b.x, b.y, c.x, c.y, d.x, d.y);
    on.stroke();
    return;
  }
  const at = pointAt(edge.curve, part);
  // From far away still as large as can be seen.
  const radius = Math.max(5, 2.5 * pixel);
  on.beginPath();
  on.arc(at.x, at.y, radius, 0, 2 * Math.PI);
  on.fill();
  if (!ingress) return;
  // From outside into a private network: a ring around it.
  on.lineWidth = 0.4 * radius;
  on.beginPath();
  on.arc(at.x, at.y, 1.8 * radius, 0, 2 * Math.PI);
  on.stroke();
}
