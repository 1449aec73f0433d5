import { randomBytes } from 'node:crypto';
import type { Outcome, UdpResult } from '@netring/contract/result';
import { attemptsOf, type Measured } from './confirm.ts';
import type { Failure } from './outcome.ts';
import { roundedMs } from './rounded.ts';
import { noUdpPackets, overlapsMs, spoilsTime, type StallWatch } from './stalls.ts';
import { createFlowBook } from './udp-flow-book.ts';
import { createLedger, lostAfterMs, tallyFigures, type Tally } from './udp-ledger.ts';
import { readAnswer, writeQuestion } from './udp-message.ts';
import { createPace, shuffled } from './udp-pace.ts';
import type { Signer } from './udp-signature.ts';

/** A path without any answer for so long is silent, and that is told at once. */
const silentAfterMs = 1000;
/**
 * So many questions must be waiting for longer than answers take. Where round trips are long, or questions few, so many
 * never wait at one time: each is lost before. Then more in a row must be without an answer, since chance has more time.
 */
const silentAfterQuestions = { waiting: 4, inARow: 6 };
/** How long an answer may take before it is missed; longer where round trips are. */
const leastGraceMs = 150;
/** A far end that did things so much later than due tells nothing by its times. */
const lateFarEndMs = 20;
/** Results come about once a check interval, within these. */
const resultIntervalMs = { least: 1000, most: 60_000 };
/** So long back a question of the target, heard here, still says that its way here is open. */
const heardWithinMs = 2000;

/** A question that is ready to go. */
export interface UdpQuestion {
  flow: number;
  message: Buffer;
  /** It goes now: the clock was read next to the system call. */
  goes: (nowMs: number) => void;
  /** It could not be sent. */
  failed: (failure: Failure) => void;
}

/** One target asked over UDP until stopped. */
export interface UdpTarget {
  /** Looks at what has become of earlier questions, and makes the next one. */
  ask(nowMs: number): UdpQuestion;
  /** How long after this question the next one follows, milliseconds. */
  gapMs(nowMs: number): number;
  /** Something that looks like an answer to it, from any address: the signature tells. */
  take(message: Buffer, receivedMs: number): void;
  /** The machine at the target's address says that nobody listens on that port. */
  refused(nowMs: number): void;
  stop(): void;
}

export interface UdpTargetNeeds {
  key: string;
  /** Hash of this member's own name. */
  asker: number;
  /** One for each key that the target may have; the first is the likeliest. */
  signers: readonly Signer[];
  intervalMs: number;
  flowCount: number;
  now: () => number;
  watch: StallWatch;
  /** When the target was last heard asking this member. */
  heardMs: () => number | undefined;
  /** Whether a bandwidth test of ours has filled the path since then. */
  disturbedSince: (fromMs: number) => boolean;
  onMeasured: (measured: Measured, changed: boolean) => void;
}

/** @returns the target, and the boot under which its answers come */
export function startUdpTarget(needs: UdpTargetNeeds): { target: UdpTarget; boot: string } {
  const { now, watch, signers, flowCount } = needs;
  const boot = randomBytes(8).toString('latin1');
  const startedMs = now();
  const book = createFlowBook(flowCount, startedMs);
  const ledger = createLedger(flowCount, (flow, change, atMs) => {
    // What our own test has lost says nothing of a flow.
    if (!needs.disturbedSince(atMs - lostAfterMs)) book.count(flow, change, atMs);
  });
  const pace = createPace();
  const everyMs = Math.min(resultIntervalMs.most, Math.max(resultIntervalMs.least, needs.intervalMs));
  let order: number[] = [];
  let keyAt = 0;
  let everAnswered = false;
  let lastAnswerMs = startedMs;
  let refusedMs = -Infinity;
  let typicalMs = 0;
  let silent = false;
  let told: { outcome: Outcome | undefined; atMs: number } = { outcome: undefined, atMs: startedMs };
  let voided = 0;
  let unsent: Failure | undefined;
  let inferredForward = 0;

  const sleptMs = (fromMs: number, toMs: number) =>
    overlapsMs(watch.stalls(fromMs), fromMs, toMs).reduce((sum, ms) => sum + ms, 0);
  const graceMs = () => Math.max(leastGraceMs, 3 * typicalMs);
  const giveUp = (nowMs: number, ageMs: number) => {
    const gone = ledger.giveUp(nowMs, ageMs, (sentMs) => spoilsTime(sleptMs(sentMs, nowMs), nowMs - sentMs));
    voided += gone.voided;
    if (gone.lost > 0) pace.lost(nowMs);
  };
  const question = (nowMs: number): UdpQuestion => {
    if (order.length === 0) order = shuffled(flowCount, Math.random);
    const flow = order.pop() as number;
    const seq = ledger.ask(flow, nowMs);
    return {
      flow,
      message: writeQuestion({ boot, flow, seq, asker: needs.asker }, signers[keyAt] as Signer),
      goes: (sentMs) => ledger.goes(flow, seq, sentMs),
      failed(failure) {
        ledger.unask(flow, seq);
        unsent = failure;
      },
    };
  };
  const tell = (nowMs: number) => {
    const tally = ledger.take();
    const result = resultOf(tally, nowMs);
    const { roundTripsMs } = result.outcome === 'void' ? { roundTripsMs: [] } : tally;
    const attempts = attemptsOf(result);
    const changed = result.outcome !== told.outcome;
    // A question that has waited for less, the last time that was told, counts now.
    const sinceMs = told.atMs - lostAfterMs;
    told = { outcome: result.outcome, atMs: nowMs };
    voided = 0;
    unsent = undefined;
    // Later results would tell which way these were lost, as if it had been then.
    if (needs.disturbedSince(sinceMs)) ledger.forgetWays();
    const measured = { key: needs.key, result, startedMs: sinceMs, ...attempts, latencies: roundTripsMs };
    needs.onMeasured(measured, changed);
  };
  const resultOf = (tally: Tally, nowMs: number): UdpResult => {
    const common = { kind: 'udp', ended_ms: roundedMs(nowMs) } as const;
    const asleepMs = sleptMs(told.atMs, nowMs);
    if (spoilsTime(asleepMs, nowMs - told.atMs) || voided > tally.sent) {
      const reason = `the probe process was held up for ${Math.round(asleepMs)} ms of this check`;
      return { ...common, outcome: 'void', reason, ...noUdpPackets };
    }
    if (tally.received === 0 && !silent) {
      const failure = unsent ?? { outcome: 'void', reason: 'nothing was measured' };
      return { ...common, ...failure, ...noUdpPackets };
    }
    const { forward, reason } = whereSilent(tally, nowMs);
    const flows = book.verdict(nowMs);
    const counts = {
      sent: tally.sent,
      received: tally.received,
      forward_lost: forward,
      return_lost: Math.max(0, tally.returnLost),
      reordered: tally.reordered,
      duplicates: tally.duplicates,
      ...(flows !== undefined && { flows }),
    };
    if (!silent) return { ...common, outcome: 'ok', ...counts, ...tallyFigures(tally) };
    const isRefused = refusedMs > nowMs - heardWithinMs;
    if (isRefused)
      return { ...common, outcome: 'refused', reason: 'nobody answers UDP on that port', ...counts };
    return { ...common, outcome: 'timeout', confirmed: true, reason, ...counts };
  };
  /** What a silent path's own losses do not tell: while the target's questions arrive, it is the way there that is cut. */
  const whereSilent = (tally: Tally, nowMs: number): { forward: number; reason: string } => {
    const already = Math.min(inferredForward, Math.max(0, tally.forwardLost));
    inferredForward = Math.max(0, inferredForward - already - tally.blindLost);
    const forward = Math.max(0, tally.forwardLost) - already;
    const reason = `no answer for ${((nowMs - lastAnswerMs) / 1000).toFixed(1)} s`;
    const heard = needs.heardMs() ?? -Infinity;
    if (!silent || heard < nowMs - heardWithinMs || heard < lastAnswerMs + silentAfterMs / 2)
      return { forward, reason };
    const inferred = tally.sent - tally.received;
    inferredForward += inferred;
    return {
      forward: forward + inferred,
      reason: `${reason}, while its questions arrive here: lost on the way there`,
    };
  };
  // Every second question has a key that may be unknown there: not while others are answered, or two lost ones would
  // make half of all that follow unanswered.
  const isSeekingKey = () => signers.length > 1 && (silent || !everAnswered);
  const look = (nowMs: number) => {
    giveUp(nowMs, lostAfterMs);
    const missed = ledger.waiting(nowMs - graceMs());
    // Without loss nothing is missed: look closer before it is certain.
    const isAwake = () => !spoilsTime(sleptMs(nowMs - lostAfterMs, nowMs), lostAfterMs);
    if (missed >= 2 && isAwake()) pace.lost(nowMs);
    if (isSeekingKey()) keyAt = (keyAt + 1) % signers.length;
    const quietMs = nowMs - lastAnswerMs;
    const isMissing =
      missed >= silentAfterQuestions.waiting ||
      ledger.unanswered(nowMs - graceMs()) >= silentAfterQuestions.inARow;
    const isQuiet = quietMs >= silentAfterMs + typicalMs && isMissing;
    if (!silent && isQuiet && !spoilsTime(sleptMs(lastAnswerMs, nowMs), quietMs)) {
      silent = true;
      giveUp(nowMs, graceMs());
      tell(nowMs);
    } else if (
      nowMs - told.atMs >= everyMs &&
      (silent || ledger.hasAnswers() || unsent !== undefined || voided > 0)
    ) {
      tell(nowMs);
    }
  };
  watch.enter();

  const target: UdpTarget = {
    ask(nowMs) {
      look(nowMs);
      return question(nowMs);
    },
    gapMs: (nowMs) => pace.gapMs(nowMs, Math.random()),
    take(message, receivedMs) {
      const read = readAnswer(message, signers);
      if (read === undefined) return;
      const { answer, signer } = read;
      const sentMs = ledger.sentMs(answer.flow, answer.seq) ?? receivedMs;
      const waitedMs = receivedMs - sentMs;
      const longestMs = Math.max(0, ...overlapsMs(watch.stalls(sentMs), sentMs, receivedMs));
      const isTimed = !spoilsTime(longestMs, waitedMs) && answer.lateMs < lateFarEndMs;
      const roundTripMs = Math.max(0, waitedMs - answer.heldUs / 1000);
      const which = ledger.answer(answer, isTimed ? roundedMs(roundTripMs) : undefined, receivedMs);
      if (which !== 'first') return;
      // What was signed with another key on the way here is no loss of the path's.
      if (isSeekingKey()) ledger.giveUp(receivedMs, 0, () => true);
      keyAt = signers.indexOf(signer);
      everAnswered = true;
      lastAnswerMs = receivedMs;
      typicalMs = typicalMs === 0 ? roundTripMs : typicalMs + (roundTripMs - typicalMs) / 8;
      if (!silent) return;
      silent = false;
      tell(receivedMs);
    },
    refused: (nowMs) => void (refusedMs = nowMs),
    stop: () => watch.leave(),
  };
  return { target, boot };
}
