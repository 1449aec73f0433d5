import type { SpanTally } from './dependencies.ts';
import type { SpanLimits } from './intake.ts';

/** What the intake has to say of itself. */
export interface SpanLosses extends SpanTally {
  /** Spans whose sampling could not be read, and those that stand for more than themselves. */
  badThresholds: number;
  sampled: number;
  /** Spans that gave way before their other end could come. */
  crowdedOut: number;
  limits: Pick<SpanLimits, 'waitMs' | 'waitingSpans'>;
}

/** What spans cannot show or may have lost, as sentences with numbers. */
export function lossesOf(found: SpanLosses): string[] {
  const { pairs, halves, untold, kin, overlong, badThresholds, sampled, crowdedOut, limits } = found;
  const sentences: string[] = [];
  const say = (count: number, sentence: string) => count > 0 && sentences.push(sentence);
  const waitS = limits.waitMs / 1000;
  say(
    halves,
    `${halves} of ${pairs + halves + untold} requests were seen at one end only, within ${waitS} s; the other end is known by its address.`,
  );
  say(untold, `${untold} requests seen at one end name no address of the other: they are not shown.`);
  say(kin, `${kin} requests rest on parent and child spans that do not say who called: less sure.`);
  say(crowdedOut, `${crowdedOut} spans gave way early: more than ${limits.waitingSpans} within ${waitS} s.`);
  say(overlong, `${overlong} callees took longer than their callers waited: no share is told of these.`);
  say(sampled, `${sampled} spans were sampled and are counted by their weight.`);
  say(
    badThresholds,
    `${badThresholds} spans have a sampling threshold that cannot be read; each counts as one.`,
  );
  return sentences;
}
