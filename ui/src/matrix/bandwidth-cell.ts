import type { LocationPath } from '@netring/contract/path';
import { rateText } from '../words/measure.ts';
import { isolated } from '../words/phrase.ts';
import type { Cell } from './cell.ts';
import { rareCell, type RareFinding } from './rare-cell.ts';

/**
 * The lower of both directions' newest valid rates; with one direction only, it says which. Without any, what the newest test
 * came to: a rate that the path reaches at least, or why it told none.
 */
export function bandwidthCell(path: LocationPath, nowMs: number, alarm?: string): Cell {
  return rareCell(path, findingOf(path), 'no valid bandwidth test yet', nowMs, alarm);
}

function findingOf({ bandwidth }: LocationPath): RareFinding | undefined {
  if (bandwidth === undefined) return undefined;
  const { forward_mbps: forward, return_mbps: back, at_ms: atMs } = bandwidth;
  if (forward === undefined && back === undefined) return untoldOf(bandwidth);
  const value = rateText(Math.min(forward ?? Infinity, back ?? Infinity));
  if (forward === undefined) return { value, note: 'return', said: `return ${value}, forward unknown`, atMs };
  if (back === undefined) return { value, note: 'forward', said: `forward ${value}, return unknown`, atMs };
  return { value, note: '', said: `forward ${rateText(forward)}, return ${rateText(back)}`, atMs };
}

function untoldOf({ untold, at_ms: atMs }: NonNullable<LocationPath['bandwidth']>): RareFinding | undefined {
  if (untold === undefined) return undefined;
  const { at_least_mbps: least, reason } = untold;
  const why = isolated(reason);
  if (least === undefined)
    return { value: 'no rate', note: shortOf(reason), said: `no valid rate, ${why}`, atMs, isNoNumber: true };
  const value = `≥ ${rateText(least)}`.replace(' ', '\u00a0');
  return {
    value,
    note: 'not the path',
    said: `at least ${rateText(least)}, ${why}: the path may carry more`,
    atMs,
  };
}

/** `inconclusive`, of a reason with its details after a colon. */
function shortOf(reason: string): string {
  return reason.split(':')[0] ?? '';
}
