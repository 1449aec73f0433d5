import type { Hop, HopAnswer, KeptTrace, TracesOfPath } from '@netring/contract/trace';
import { counted, latencyText } from '../words/measure.ts';
import type { Phrase } from '../words/phrase.ts';

/** One distance on a route, as the table shows it. */
export interface RouteRow {
  ttl: number;
  /** Who answered, the busiest first; empty for a silent hop. */
  answers: readonly HopAnswer[];
  sent: number;
  received: number;
  /** The lowest of the medians, in milliseconds. */
  medianMs?: number;
  addedMs?: number;
  /** `addedMs` as a share of the largest step, 0–1. */
  share: number;
  worst: boolean;
  target: boolean;
  /** Who answered here on the last good route; empty for silent, absent beyond its end or when it is not compared. */
  good?: readonly string[];
  /** Another router than on the last good route. */
  differs: boolean;
}

/** A direction's route, ready to draw. */
export interface RouteView {
  trace: KeptTrace;
  rows: readonly RouteRow[];
  /** The last good trace, when it shows another route than `trace`. */
  good?: KeptTrace;
  /** Whether a step of it adds more than the others; of one step that says nothing. */
  hasWorst: boolean;
}

/** The newest route, and the last good one beside it where they differ; `undefined` when nothing was traced. */
export function routeView({ latest, last_good: lastGood }: TracesOfPath): RouteView | undefined {
  const trace = latest ?? lastGood;
  if (trace === undefined) return undefined;
  const good = lastGood !== undefined && isOther(trace, lastGood) ? lastGood : undefined;
  const length = Math.max(trace.hops.length, good?.hops.length ?? 0);
  const most = Math.max(0, ...trace.hops.map(({ added_ms: added }) => added ?? 0));
  const rows = Array.from({ length }, (_, index) => rowAt(index, trace, good, most));
  return {
    trace,
    rows,
    ...(good && { good }),
    hasWorst: trace.worst_step !== undefined && !isStraight(trace),
  };
}

/** No router stands between: its one step is all there is. */
function isStraight({ hops, reached }: KeptTrace): boolean {
  return reached && hops.length === 1;
}

/** Another route, or the same that no longer reaches its end. */
function isOther(trace: KeptTrace, good: KeptTrace): boolean {
  return trace.id !== good.id && (trace.path_id !== good.path_id || !trace.reached);
}

function rowAt(index: number, trace: KeptTrace, good: KeptTrace | undefined, most: number): RouteRow {
  const hop: Hop = trace.hops[index] ?? { ttl: index + 1, sent: 0, answers: [] };
  const answers = [...hop.answers].sort((one, other) => other.received - one.received);
  const before = good?.hops[index]?.answers.map(({ ip }) => ip);
  const here = new Set(answers.map(({ ip }) => ip));
  const differs =
    before !== undefined && before.length > 0 && here.size > 0 && !before.some((ip) => here.has(ip));
  return {
    ttl: hop.ttl,
    answers,
    sent: hop.sent,
    received: answers.reduce((sum, { received }) => sum + received, 0),
    ...(answers.length > 0 && { medianMs: Math.min(...answers.map(({ median_ms: median }) => median)) }),
    ...(hop.added_ms !== undefined && { addedMs: hop.added_ms }),
    share: most > 0 ? (hop.added_ms ?? 0) / most : 0,
    worst: trace.worst_step?.ttl === hop.ttl && !isStraight(trace),
    target: trace.reached && index === trace.hops.length - 1,
    ...(before !== undefined && { good: before }),
    differs,
  };
}

/** Where the latency of a route comes from, or where it ends, in a sentence. */
export function routeSentence(trace: KeptTrace): Phrase[] {
  const { worst_step: worst, hops, reached } = trace;
  const whole = targetMs(trace);
  if (isStraight(trace))
    return [
      `Straight there${whole === undefined ? '' : ` in ${latencyText(whole)}`}: no router stands between`,
    ];
  if (worst !== undefined) {
    const of = whole === undefined ? '' : ` of ${latencyText(whole)}`;
    return [
      `Worst step: hop ${worst.ttl}, `,
      { name: worst.ip },
      `, adds ${latencyText(worst.added_ms)}${of}`,
    ];
  }
  if (reached) return [`No single step stands out on ${counted(hops.length, 'hop')}`];
  const last = [...hops].reverse().find(({ answers }) => answers.length > 0);
  if (last === undefined) return ['Nothing answered'];
  const ip = last.answers[0]?.ip ?? '';
  return [`The target did not answer; the last that did is hop ${last.ttl}, `, { name: ip }];
}

function targetMs({ hops, reached }: KeptTrace): number | undefined {
  const medians = reached ? hops.at(-1)?.answers.map(({ median_ms: median }) => median) : undefined;
  return medians === undefined || medians.length === 0 ? undefined : Math.min(...medians);
}

/** What changed from one route to another: the steps with another router, and how many hops. At most `most` steps are named. */
export function changedSteps(before: KeptTrace, after: KeptTrace, most = 3): Phrase[] {
  const said: Phrase[][] = [];
  for (const [index, hop] of after.hops.entries()) {
    const was = before.hops[index]?.answers.map(({ ip }) => ip) ?? [];
    const is = hop.answers.map(({ ip }) => ip);
    if (was.length === 0 || is.length === 0 || was.some((ip) => is.includes(ip))) continue;
    said.push([`hop ${hop.ttl}: `, { name: was[0] ?? '' }, ' → ', { name: is[0] ?? '' }]);
  }
  const [from, to] = [before.hops.length, after.hops.length];
  const length = from === to ? [] : [[`${from} → ${counted(to, 'hop')}`]];
  const shown = [...said.slice(0, most), ...length];
  const more = said.length > most ? [` and ${said.length - most} more`] : [];
  const steps = shown.flatMap((one, index) => (index === 0 ? one : ['; ', ...one]));
  return steps.length === 0 ? ['another route'] : [...steps, ...more];
}
