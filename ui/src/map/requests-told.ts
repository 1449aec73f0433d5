import { counted } from '../words/measure.ts';

/** Of a telling of requests at `atMs` (epoch milliseconds): how many of them are seen on the map, of how many there were. */
export interface RequestsTold {
  shown: number;
  seen: number;
  atMs: number;
}

/** While there are requests, they are told within a second or two; what was told so long ago is not of now. Milliseconds. */
const holdsMs = 10_000;

/** `showing 12 of 3400 requests`; `undefined` where none were told of late. */
export function requestsWords(told: RequestsTold | undefined, nowMs: number): string | undefined {
  if (told === undefined || nowMs - told.atMs > holdsMs) return undefined;
  return `showing ${told.shown} of ${counted(told.seen, 'request')}`;
}
