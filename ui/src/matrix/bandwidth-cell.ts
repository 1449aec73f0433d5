import type { LocationPath } from '@netring/contract/path';
import { rateText } from '../words/measure.ts';
import type { Cell } from './cell.ts';
import { rareCell, type RareFinding } from './rare-cell.ts';

/** The lower of both directions' newest valid rates; with one direction only, it says which. */
export function bandwidthCell(path: LocationPath, nowMs: number, alarm?: string): Cell {
  return rareCell(path, findingOf(path), 'no valid bandwidth test yet', nowMs, alarm);
}

function findingOf({ bandwidth }: LocationPath): RareFinding | undefined {
  if (bandwidth === undefined) return undefined;
  const { forward_mbps: forward, return_mbps: back, at_ms: atMs } = bandwidth;
  if (forward === undefined && back === undefined) return undefined;
  const value = rateText(Math.min(forward ?? Infinity, back ?? Infinity));
  if (forward === undefined) return { value, note: 'return', said: `return ${value}, forward unknown`, atMs };
  if (back === undefined) return { value, note: 'forward', said: `forward ${value}, return unknown`, atMs };
  return { value, note: '', said: `forward ${rateText(forward)}, return ${rateText(back)}`, atMs };
}
