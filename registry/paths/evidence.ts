import type { Baseline } from '@netring/contract/baseline';
import { answered, type Outcome, type Result } from '@netring/contract/result';

/** What one kind of probe knows of a path, as far as the state needs it. */
export interface Evidence {
  /** The newest result that counts (not void, not disturbed); its `ended_ms` is not looked at. */
  last: Result | undefined;
  /** `/health`, for http. */
  endpoint: string | undefined;
  ageMs: number;
  /** Age of the newest result that something answered; `Infinity` when nothing ever did. */
  answeredAgeMs: number;
  /** Since its first silent result; `Infinity` when the newest one was answered. */
  silentForMs: number;
  /** Older than this, it says nothing about now. */
  freshMs: number;
  /** The newest result is void: the prober says that it was unfit. */
  voided: boolean;
  /** Attempts of the window, as far as they are younger than the path's last recovery. */
  sent: number;
  lost: number;
  /** In how many rounds they were lost: results for tcp and http, buckets for trains of packets. */
  lossyRounds: number;
  /** Losses of `udp` by way, of the newest results of the window that told of any. */
  forwardLost: number;
  returnLost: number;
  /** The median of the window, where it is well above what is usual here. */
  slow: { medianMs: number; usual: Baseline } | undefined;
}

/** Evidence that has something to say about now. */
export type Saying = Evidence & { last: Result };

export function isSaying(one: Evidence): one is Saying {
  return one.last !== undefined && one.ageMs <= one.freshMs;
}

/** Kinds that send trains of packets from the kernel up, all the time. */
export function isPackets(one: Saying): boolean {
  return one.last.kind === 'icmp' || one.last.kind === 'udp';
}

const unreachableOutcomes: readonly Outcome[] = ['timeout', 'unreachable'];

/** A train of packets lost is one bad round; so much silence is two of the quickest. */
const settledMs = 1_500;

/** Whether nothing answers this kind: for trains of packets, since longer than one round. */
export function isSilent(one: Saying): boolean {
  if (answered(one.last) || !unreachableOutcomes.includes(one.last.outcome)) return false;
  return !isPackets(one) || one.last.confirmed === true || one.answeredAgeMs - one.ageMs >= settledMs;
}

/** How long ago something answered this kind, when it is not silent; `undefined` when it says neither. */
export function answerAgeMs(one: Saying): number | undefined {
  if (answered(one.last)) return one.ageMs;
  if (isSilent(one) || !unreachableOutcomes.includes(one.last.outcome)) return undefined;
  return one.answeredAgeMs;
}
