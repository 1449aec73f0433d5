import type { MemberDetailAnswer, PathFigures } from '@netring/contract/member-detail';
import type { MemberView } from '@netring/contract/member';
import { ageText } from '../words/age.ts';
import { counted, latencyText, rateText, shareText } from '../words/measure.ts';

/** One line of a member's tooltip. */
export interface Line {
  term: string;
  says: string;
  weight?: 'bad' | 'warn';
}

/** Clocks that differ by less are told as right: the way of the report is in the difference. Milliseconds. */
export const rightWithinMs = 500;

/** What a member measures, in a few lines. What nobody measured is said to be so. */
export function measuredLines({ measures }: MemberDetailAnswer, nowMs: number): Line[] {
  const { latency_ms: latency, checks, failed, bandwidth, hops } = measures;
  return [
    { term: 'Average latency', says: latency === undefined ? 'not measured' : latencyText(latency) },
    checks === 0
      ? { term: 'Success rate', says: 'no checks in the last minute' }
      : {
          term: 'Success rate',
          says: `${shareText((checks - failed) / checks)} of ${counted(checks, 'check')} in the last minute`,
          ...(failed > 0 && { weight: 'warn' as const }),
        },
    {
      term: 'Bandwidth',
      says:
        bandwidth === undefined
          ? 'no valid test'
          : `${rateText(bandwidth.mean_mbps)} on average, ${rateText(bandwidth.least_mbps)} at least (${counted(bandwidth.tested, 'path')}, up to ${ageText(nowMs - bandwidth.at_ms)} old)`,
    },
    {
      term: 'Hops',
      says:
        hops === undefined
          ? 'no trace'
          : `${hops.least === hops.most ? hops.least : `${hops.least}–${hops.most}`}${
              hops.at_ms === undefined ? '' : ` (up to ${ageText(nowMs - hops.at_ms)} old)`
            }`,
    },
  ];
}

/** What its peers see of a member: how many paths to it are in which state. */
export function seenLine({ seen }: Pick<MemberDetailAnswer, 'seen'>): Line {
  const said = statesText(seen);
  const { down, degraded } = seen.states;
  return {
    term: 'Peers see',
    says: said === '' ? 'nobody measures it' : said,
    ...(down > 0 ? { weight: 'bad' as const } : degraded > 0 ? { weight: 'warn' as const } : {}),
  };
}

function statesText({ states }: PathFigures): string {
  const words = [
    [states.ok, 'up'],
    [states.degraded, 'degraded'],
    [states.down, 'down'],
    [states.unknown, 'unknown'],
    [states.unproved, 'unproved'],
  ] as const;
  const said = words.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  const total = Object.values(states).reduce((sum, one) => sum + one, 0);
  return total === 0 ? '' : `${counted(total, 'path')} to it: ${said.join(', ')}`;
}

/** How wrong the clock of its host goes. */
export function clockLine({ clock_ahead_ms: ahead }: Pick<MemberView, 'clock_ahead_ms'>): Line {
  const term = 'Clock';
  if (ahead === undefined) return { term, says: 'not told by this member' };
  if (Math.abs(ahead) < rightWithinMs) return { term, says: `right within ${rightWithinMs / 1000} s` };
  const by = latencyOrAge(Math.abs(ahead));
  return { term, says: `${by} ${ahead > 0 ? 'ahead of' : 'behind'} the registry's`, weight: 'warn' };
}

function latencyOrAge(ms: number): string {
  return ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : ageText(ms);
}
