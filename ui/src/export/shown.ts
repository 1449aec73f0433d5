import type { GraphDependency, GraphService } from '@netring/contract/graph';
import type { Picture } from '../live/picture.ts';
import type { ServiceGraph } from '../map/graph.ts';
import type { Narrowing } from '../map/narrow.ts';
import type { Scene } from '../map/scene.ts';
import type { Comparison } from '../time/compare.ts';
import { compactTime, comparedSpans, momentWords, spanWords, type TimeAddress } from '../time/moment.ts';

/** What stands on the screen, for whoever writes it down. */
export interface Shown {
  /** Name and port that the dashboard was fetched from. */
  ring: string;
  /** The registry's clock, epoch milliseconds. */
  nowMs: number;
  graph: ServiceGraph;
  /** What the narrowing leaves of the graph. */
  services: readonly GraphService[];
  dependencies: readonly GraphDependency[];
  scene: Scene;
  narrowing: Narrowing;
  /** Which time the graph is of; absent: the present. */
  time?: TimeAddress;
  comparison?: Comparison;
  /** Members, paths, incidents: always of the present. */
  picture?: Picture;
}

/** Which time and which part of the graph it is, in words. */
export function captionOf({ ring, nowMs, graph, services, time, narrowing }: Shown): string {
  return [
    ring,
    timeWords(time, graph, nowMs),
    narrowing.only === 'all' ? undefined : `only ${narrowing.only}`,
    narrowing.find.trim() === '' ? undefined : `found by “${narrowing.find.trim().slice(0, 100)}”`,
    narrowing.focus && `${narrowing.focus.steps} calls around ${narrowing.focus.service.slice(0, 200)}`,
    services.length < graph.services.size
      ? `${services.length} of ${graph.services.size} services`
      : undefined,
  ]
    .filter((part) => part !== undefined)
    .join(' · ');
}

function timeWords(time: TimeAddress | undefined, graph: ServiceGraph, nowMs: number): string {
  if (time === undefined)
    return `live at ${new Date(graph.atMs).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
  const day = new Date(time.at.toMs).toISOString().slice(0, 10);
  if (time.against === undefined) return `as of ${day} ${momentWords(time.at, nowMs, 'utc')}`;
  const { before, after } = comparedSpans(time.at, time.against);
  return `${day} ${spanWords(after, nowMs, 'utc')} against ${spanWords(before, nowMs, 'utc')}`;
}

/** `netring-ring.example-8756-map-20261121T140210Z-10s.svg`: ring, what, time and window. */
export function fileName(
  { ring, graph, time }: Pick<Shown, 'ring' | 'graph' | 'time'>,
  what: string,
  ending: string,
): string {
  const safe = ring
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 60);
  const when =
    time === undefined
      ? `${compactTime(graph.atMs)}-live`
      : `${compactTime(time.at.toMs)}-${time.at.step}${
          time.against === undefined ? '' : `-against-${compactTime(time.against.toMs)}`
        }`;
  return `netring-${safe || 'ring'}-${what}-${when}.${ending}`;
}
