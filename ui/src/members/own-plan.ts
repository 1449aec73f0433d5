import type { MemberView } from '@netring/contract/member';
import { ageText } from '../words/age.ts';

/** What a member does next, and when, in the words of its tooltip. */
export interface NextWork {
  what: 'check' | 'bandwidth test' | 'traceroute';
  says: string;
}

/** A plan that was told longer ago says nothing of now: reports come every few seconds. Milliseconds. */
const tooOldMs = 30_000;

/** The next check, bandwidth test and traceroute by the member's own plan at `nowMs` (epoch milliseconds of the registry). Never a guess. */
export function nextWork(
  { schedule, probes_off: off, status }: Pick<MemberView, 'schedule' | 'probes_off' | 'status'>,
  nowMs: number,
): NextWork[] {
  const reasonOf = (kind: string) => off.find((one) => one.kind === kind)?.reason;
  const unknown = whyUnknown(schedule, status, nowMs);
  if (unknown !== undefined || schedule === undefined) {
    const says = unknown ?? '';
    return (['check', 'bandwidth test', 'traceroute'] as const).map((what) => ({ what, says }));
  }
  const { at_ms: atMs, checks, bandwidth, traceroute } = schedule;
  const trace = reasonOf('traceroute');
  return [
    { what: 'check', says: checkSays(checks, atMs, nowMs) },
    { what: 'bandwidth test', says: bandwidth === undefined ? 'off' : testSays(bandwidth, atMs, nowMs) },
    {
      what: 'traceroute',
      says:
        trace !== undefined
          ? `off: ${trace}`
          : traceroute === undefined
            ? 'nobody to trace'
            : `${untilText(traceroute.next_in_ms, atMs, nowMs)}, each target every ${everyText(traceroute.interval_ms)}`,
    },
  ];
}

type Schedule = NonNullable<MemberView['schedule']>;

function whyUnknown(
  schedule: Schedule | undefined,
  status: MemberView['status'],
  nowMs: number,
): string | undefined {
  if (status === 'deregistered') return 'none: it said goodbye';
  if (schedule === undefined) return 'not told by this member';
  const ageMs = nowMs - schedule.at_ms;
  return ageMs > tooOldMs ? `not known: its plan was last told ${ageText(ageMs)} ago` : undefined;
}

function checkSays(
  { interval_ms: intervalMs, count, next_in_ms: next }: Schedule['checks'],
  atMs: number,
  nowMs: number,
): string {
  if (count === 0) return 'nobody to check';
  const first = next.find((inMs) => atMs + inMs > nowMs);
  const each = `${count} ${count === 1 ? 'check' : 'checks'}, each every ${everyText(intervalMs)}`;
  return `${first === undefined ? 'due now' : untilText(first, atMs, nowMs)}; ${each}`;
}

/** Whether it then tests is the registry's to say: two tests at once would measure each other. */
function testSays(
  { interval_ms: intervalMs, next_in_ms: next }: NonNullable<Schedule['bandwidth']>,
  atMs: number,
  nowMs: number,
): string {
  return `asks for its turn ${untilText(next, atMs, nowMs)}; a path at most every ${everyText(intervalMs)}`;
}

/** `in 12 s`, counted down; what is past is due. */
function untilText(inMs: number | undefined, atMs: number, nowMs: number): string {
  if (inMs === undefined) return 'not planned';
  const leftMs = atMs + inMs - nowMs;
  if (leftMs <= 0) return 'due now';
  return leftMs < 60_000 ? `in ${Math.ceil(leftMs / 1000)} s` : `in ${minutes(leftMs)}`;
}

function minutes(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

function everyText(ms: number): string {
  return ms < 1000 || (ms < 60_000 && ms % 1000 !== 0) ? `${ms / 1000} s` : ageText(ms);
}
