import { chosenZone, formatIn, type Zone } from './zone.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** A length of time for people, from milliseconds: `4 s`, `2 min`, `1 h 5 min`, `3 d`. Never negative. */
export function ageText(ms: number): string {
  const age = Math.max(0, ms);
  if (age < minute) return `${Math.floor(age / second)} s`;
  if (age < hour) return `${Math.floor(age / minute)} min`;
  if (age < day) return withRest(age, hour, 'h', minute, 'min');
  return withRest(age, day, 'd', hour, 'h');
}

function withRest(age: number, unit: number, name: string, lesser: number, lesserName: string): string {
  const whole = Math.floor(age / unit);
  const rest = Math.floor((age % unit) / lesser);
  return rest > 0 && whole < 3 ? `${whole} ${name} ${rest} ${lesserName}` : `${whole} ${name}`;
}

/** When `ageText` of something begun at `fromMs` will next read differently, in the clock of `nowMs`. */
export function ageChangesAtMs(fromMs: number, nowMs: number): number {
  const age = Math.max(0, nowMs - fromMs);
  const unit = age < minute ? second : age < day ? minute : hour;
  return fromMs + (Math.floor(age / unit) + 1) * unit;
}

/** A time of day, 24 hours, in the zone that was chosen; with the date when it is not the day of `nowMs`. Both in epoch milliseconds. */
export function clockText(atMs: number, nowMs: number, zone: Zone = chosenZone()): string {
  const at = new Date(atMs);
  const within = formatIn(zone);
  const clock = at.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', ...within });
  const time = zone === 'utc' ? `${clock} UTC` : clock;
  const dayOf = (date: Date): string => date.toLocaleDateString('en-GB', within);
  if (dayOf(at) === dayOf(new Date(nowMs))) return time;
  return `${at.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', ...within })} ${time}`;
}

/** A time of day to the second, for tooltips and banners: in the zone that was chosen, and the other beside it. */
export function preciseClockText(atMs: number, zone: Zone = chosenZone()): string {
  const at = new Date(atMs);
  const iso = at.toISOString();
  const utc = `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
  const local = at.toLocaleTimeString('en-GB');
  return zone === 'utc' ? `${utc} (here ${local})` : `${local} (${utc})`;
}

/** What follows something that is measured seldom: `, 3 min old`; nothing where its time is not known. Both times in epoch milliseconds. */
export function oldWords(atMs: number | undefined, nowMs: number): string {
  return atMs === undefined ? '' : `, ${rareAge(atMs, nowMs).text} old`;
}

/** The age of something that is measured seldom, without its seconds, and when that text next changes. Both times in epoch milliseconds. */
export function rareAge(atMs: number, nowMs: number): { text: string; changesAtMs: number } {
  if (nowMs - atMs < minute) return { text: '<1 min', changesAtMs: atMs + minute };
  return { text: ageText(nowMs - atMs), changesAtMs: ageChangesAtMs(atMs, nowMs) };
}
