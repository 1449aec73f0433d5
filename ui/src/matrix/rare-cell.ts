import type { LocationPath } from '@netring/contract/path';
import { rareAge } from '../words/age.ts';
import { isUnproved, shownPathState } from '../words/path-state.ts';
import { isolated } from '../words/phrase.ts';
import type { Cell, CellState } from './cell.ts';

/** What was found by a probe that runs seldom: its number is always shown with its age. */
export interface RareFinding {
  /** The number and its unit, apart by a space. */
  value: string;
  /** What qualifies it, short, for the cell, and as part of a sentence. */
  note: string;
  said: string;
  /** When it was found, epoch milliseconds. */
  atMs: number;
  /** It tells why there is no number. */
  isNoNumber?: true;
}

/** A cell about something that is measured seldom. Only an alert or the state of the path itself gives it a verdict. */
export function rareCell(
  path: LocationPath,
  finding: RareFinding | undefined,
  missing: string,
  nowMs: number,
  alarm?: string,
): Cell {
  const state = stateOf(path, finding, alarm);
  const latencyMs = path.checks.find(({ kind }) => kind === 'tcp')?.p50_ms ?? path.checks[0]?.p50_ms;
  const ends = `${isolated(path.source)} to ${isolated(path.target)}`;
  const latency = latencyMs === undefined ? {} : { latencyMs };
  const why = alarm ?? (path.state === 'down' || path.state === 'degraded' ? path.reasons[0] : undefined);
  const because = why === undefined ? '' : `. ${isolated(why)}`;
  if (finding === undefined) {
    const value = state === 'unmeasured' ? '–' : state;
    const label = `${ends}: ${state === 'unmeasured' ? '' : `${state}, `}${missing}${because}`;
    return { path, state, value, unit: '', note: '', label, ...latency, changesAtMs: Infinity };
  }
  const age = rareAge(finding.atMs, nowMs);
  const [value = '', unit = ''] = state === 'down' ? ['down'] : finding.value.split(' ');
  const note = state === 'down' ? `last ${finding.value}` : finding.note;
  const down = state === 'down' ? 'down, last ' : '';
  return {
    path,
    state,
    value,
    unit,
    note: [note, age.text].filter(Boolean).join(' · '),
    label: `${ends}: ${down}${finding.said}, ${age.text} old${because}`,
    ...latency,
    changesAtMs: age.changesAtMs,
  };
}

function stateOf(path: LocationPath, finding: RareFinding | undefined, alarm?: string): CellState {
  if (isUnproved(path)) return 'unproved';
  if (shownPathState(path) === 'down') return 'down';
  if (finding === undefined || (finding.isNoNumber && alarm === undefined))
    return path.state === 'unknown' ? 'unknown' : 'unmeasured';
  return alarm === undefined ? 'measured' : 'degraded';
}
