import { chosenZone, formatIn, type Zone } from '../words/zone.ts';

/** How finely a moment of the past is looked at, and for how long the registry keeps that. The finest first. */
export const steps = [
  { name: '10s', stepMs: 10_000, keptMs: 15 * 60_000, words: '10 s' },
  { name: '1m', stepMs: 60_000, keptMs: 2 * 3_600_000, words: '1 min' },
  { name: '10m', stepMs: 600_000, keptMs: 24 * 3_600_000, words: '10 min' },
] as const;
export type Step = (typeof steps)[number]['name'];

/** A stretch of the past that ends at `toMs` (epoch milliseconds), a multiple of its length. */
export interface Moment {
  toMs: number;
  step: Step;
}

/** What of the past the map shows: one moment, or what changed from `against` to it. */
export interface TimeAddress {
  at: Moment;
  against?: Moment;
}

/** A length of time that windows are of, epoch milliseconds. */
export interface Span {
  fromMs: number;
  toMs: number;
}

/** In shorter stretches what calls seldom would come and go. */
const comparedMs = 60_000;

export function stepOf({ step }: Moment): (typeof steps)[number] {
  return steps.find(({ name }) => name === step) ?? steps[0];
}

export function spanOf(moment: Moment): Span {
  return { fromMs: moment.toMs - stepOf(moment).stepMs, toMs: moment.toMs };
}

/** The two windows of a comparison: equally long, whole minutes, or one would have more just for its length. */
export function comparedSpans(at: Moment, against: Moment): { before: Span; after: Span } {
  const lengthMs = Math.max(comparedMs, stepOf(at).stepMs, stepOf(against).stepMs);
  const ending = (one: Moment): Span => {
    const toMs = Math.floor(one.toMs / comparedMs) * comparedMs;
    return { fromMs: toMs - lengthMs, toMs };
  };
  return { before: ending(against), after: ending(at) };
}

/** The newest moment of a length that is over at `nowMs` and has been reported: members send a bucket when it closes. */
export function lastMoment(nowMs: number, step: Step = '10s'): Moment {
  const { stepMs } = stepOf({ toMs: 0, step });
  return { toMs: Math.floor((nowMs - 3_000) / stepMs) * stepMs, step };
}

/** For the address bar: `20261121T140210Z.10s`. */
export function momentText({ toMs, step }: Moment): string {
  return `${compactTime(toMs)}.${step}`;
}

/** `20261121T140210Z`, as file names and addresses bear it. */
export function compactTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
}

/** Reads {@link momentText}; `undefined` for what is none. */
export function momentFrom(text: string | null): Moment | undefined {
  const found = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z\.(10s|1m|10m)$/.exec(text ?? '');
  if (found === null) return undefined;
  const [year, month, day, hour, minute, second] = found.slice(1, 7);
  const ms = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  const moment: Moment = { toMs: ms, step: found[7] as Step };
  return Number.isNaN(ms) || ms % stepOf(moment).stepMs !== 0 ? undefined : moment;
}

/** `14:02`, `14:02:10` where seconds matter, `20 Nov 14:02` on another day than `nowMs`, in a zone that is not named. */
function clockIn(ms: number, nowMs: number, zone: Zone): string {
  const [at, within] = [new Date(ms), formatIn(zone)];
  const seconds = ms % 60_000 === 0 ? {} : { second: '2-digit' as const };
  const time = at.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', ...seconds, ...within });
  const dayOf = (date: Date): string => date.toLocaleDateString('en-GB', within);
  if (dayOf(at) === dayOf(new Date(nowMs))) return time;
  return `${at.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', ...within })} ${time}`;
}

/** `14:02:10, 10 s window`, `14:02:10 UTC, 10 s window`: in the zone that was chosen, unless another is asked for. */
export function momentWords(moment: Moment, nowMs: number, zone: Zone = chosenZone()): string {
  return `${clockIn(moment.toMs, nowMs, zone)}${named(zone)}, ${stepOf(moment).words} window`;
}

/** `13:51–13:52`, `13:51–13:52 UTC`: in the zone that was chosen, unless another is asked for. */
export function spanWords({ fromMs, toMs }: Span, nowMs: number, zone: Zone = chosenZone()): string {
  return `${clockIn(fromMs, nowMs, zone)}–${clockIn(toMs, nowMs, zone)}${named(zone)}`;
}

function named(zone: Zone): string {
  return zone === 'utc' ? ' UTC' : '';
}
