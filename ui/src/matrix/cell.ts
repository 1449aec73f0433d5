import type { LocationCheck, LocationPath } from '@netring/contract/path';
import { ageChangesAtMs, ageText } from '../words/age.ts';
import { latencyText, lossText } from '../words/measure.ts';
import { isUnproved, shownPathState, type ShownState } from '../words/path-state.ts';
import { isolated } from '../words/phrase.ts';
import { bandwidthCell } from './bandwidth-cell.ts';
import { traceCell } from './trace-cell.ts';

/** Which probe kinds the matrix shows. */
export const views = ['all', 'tcp', 'http', 'icmp', 'udp', 'bandwidth', 'traceroute'] as const;
export type View = (typeof views)[number];

/**
 * What a cell says: `unmeasured` has a path, but not with this kind of probe; `measured` has a number on which there is no verdict;
 * `none` has no path.
 */
export type CellState = ShownState | 'measured' | 'unmeasured' | 'none';

/** One cell, ready to draw. Equal facts give the same object, so that only what changed is drawn again. */
export interface Cell {
  path: LocationPath | undefined;
  state: CellState;
  /** The big line: a latency, or the state in a word. */
  value: string;
  /** The unit of `value`, empty for a word. */
  unit: string;
  /** The small line: loss, age or a qualifying word; may be empty. */
  note: string;
  /** All of it as a sentence, for tooltip and screen reader. */
  label: string;
  /** The latency to filter by, in milliseconds: of this kind of probe, or of the path. */
  latencyMs?: number;
  /** How high its latency stands on the scale that was chosen, from 0 on; absent: it is coloured by its state. */
  step?: number;
  /** When the clock alone will change this cell, in epoch milliseconds. */
  changesAtMs: number;
}

/** A value older than this carries its age: three rounds of the default check interval of 5 s. Milliseconds. */
export const staleAfterMs = 15_000;

/** The states as the labels say them. */
export const cellWords: Record<CellState, string> = {
  ok: 'up',
  degraded: 'degraded',
  down: 'down',
  unknown: 'unknown',
  unanswered: 'up, but the far end does not answer as it should',
  unproved: 'unproved: the address has not answered yet, so nobody probes it',
  measured: 'measured',
  unmeasured: 'not measured this way',
  none: 'no path is measured',
};

/** What the matrix shows where no path is planned. */
export function emptyCell(source: string, target: string): Cell {
  const label = `${isolated(source)} to ${isolated(target)}: ${cellWords.none}`;
  return { path: undefined, state: 'none', value: '', unit: '', note: '', label, changesAtMs: Infinity };
}

/**
 * What the matrix shows of one location path at `nowMs` (epoch milliseconds). `alarm` is the sentence of the alert that fires on it and
 * concerns this view, if one does.
 */
export function cellOf(path: LocationPath, view: View, nowMs: number, alarm?: string): Cell {
  if (view === 'bandwidth') return bandwidthCell(path, nowMs, alarm);
  if (view === 'traceroute') return traceCell(path, nowMs, alarm);
  const check = checkOf(path, view);
  const state = cellState(path, view, check);
  const atMs = view === 'all' ? path.at_ms : check?.at_ms;
  const silent = silentKinds(path);
  const isFiltered = view !== 'all' && check !== undefined && silent.includes(check);
  const loss =
    view === 'all'
      ? worstLoss(path.checks.filter((one) => !silent.includes(one)))
      : isFiltered
        ? undefined
        : check && lossText(check.sent, check.lost);
  const age = shownAge(state, atMs, nowMs);
  const [value = '', unit = ''] = isFiltered ? ['filtered'] : bigLine(state, check);
  return {
    path,
    state,
    value,
    unit,
    note: smallLine(isFiltered ? 'measured' : state, loss, age.text, value),
    label: sentence(path, state, check, loss, age.text, silent),
    ...(check?.p50_ms !== undefined && { latencyMs: check.p50_ms }),
    changesAtMs: age.changesAtMs,
  };
}

/** The check that stands for a path: TCP where there is one, since everybody has it. */
export function checkOf(path: LocationPath, view: View): LocationCheck | undefined {
  const kind = view === 'all' || view === 'bandwidth' || view === 'traceroute' ? 'tcp' : view;
  const found = path.checks.find((check) => check.kind === kind);
  return found ?? (view === 'all' ? path.checks[0] : undefined);
}

/**
 * Kinds of packets that nothing answers while TCP connects: filtered on the way or at the far end, which says nothing of the
 * path. Their packets are not lost.
 */
function silentKinds({ checks, state }: LocationPath): LocationCheck[] {
  const answers = checks.some(({ kind, state: found }) => kind === 'tcp' && found === 'ok');
  if (!answers || state === 'down' || state === 'unknown') return [];
  return checks.filter((one) => (one.kind === 'icmp' || one.kind === 'udp') && one.state === 'down');
}

function cellState(path: LocationPath, view: View, check: LocationCheck | undefined): CellState {
  if (view === 'all') return shownPathState(path);
  if (isUnproved(path)) return 'unproved';
  if (check === undefined) return path.state === 'unknown' ? 'unknown' : 'unmeasured';
  if (silentKinds(path).includes(check)) return 'unanswered';
  return check.state === 'ok' && !path.answering && view !== 'icmp' && view !== 'udp'
    ? 'unanswered'
    : check.state;
}

function shownAge(
  state: CellState,
  atMs: number | undefined,
  nowMs: number,
): { text: string; changesAtMs: number } {
  if (atMs === undefined || state === 'unproved') return { text: '', changesAtMs: Infinity };
  if (nowMs - atMs <= staleAfterMs) return { text: '', changesAtMs: atMs + staleAfterMs + 1 };
  return { text: `${ageText(nowMs - atMs)} old`, changesAtMs: ageChangesAtMs(atMs, nowMs) };
}

function bigLine(state: CellState, check: LocationCheck | undefined): string[] {
  if (state === 'down' || state === 'unproved' || state === 'unknown') return [state];
  if (state === 'unmeasured') return ['–'];
  if (check?.p50_ms === undefined) return [state === 'degraded' ? state : 'up'];
  return latencyText(check.p50_ms).split(' ');
}

function smallLine(state: CellState, loss: string | undefined, age: string, value: string): string {
  const qualifier = state === 'unanswered' ? 'not answering' : '';
  const lost = loss === undefined || state === 'unknown' || state === 'unproved' ? '' : `${loss} lost`;
  const degraded = state === 'degraded' && lost === '' && value !== 'degraded' ? 'degraded' : '';
  return [qualifier, degraded, lost, age].filter(Boolean).join(' · ');
}

function worstLoss(checks: readonly LocationCheck[]): string | undefined {
  let worst: LocationCheck | undefined;
  const share = (check: LocationCheck): number => (check.sent > 0 ? check.lost / check.sent : 0);
  for (const check of checks) if (worst === undefined || share(check) > share(worst)) worst = check;
  return worst && lossText(worst.sent, worst.lost);
}

function sentence(
  path: LocationPath,
  state: CellState,
  check: LocationCheck | undefined,
  loss: string | undefined,
  age: string,
  silent: readonly LocationCheck[],
): string {
  const isFiltered = check !== undefined && silent.includes(check);
  const facts = isFiltered ? [] : [cellWords[state]];
  for (const { kind } of silent) facts.push(`${kind.toUpperCase()} filtered: no answer, TCP answers`);
  if (check?.p50_ms !== undefined && state !== 'unproved') {
    facts.push(`${check.kind.toUpperCase()} median ${latencyText(check.p50_ms)}`);
  }
  if (loss !== undefined) facts.push(`${loss} lost`);
  if (age !== '') facts.push(age);
  const { unproved } = path.paths;
  if (state !== 'unproved' && unproved > 0) facts.push(`${unproved} unproved`);
  const [why] = path.reasons;
  const because = why !== undefined && state !== 'ok' ? `. ${isolated(why)}` : '';
  return `${isolated(path.source)} to ${isolated(path.target)}: ${facts.join(', ')}${because}`;
}
