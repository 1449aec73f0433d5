import { mostPackets } from '@netring/contract/result';
import { roundTripFigures, type RoundTripFigures } from './round-trips.ts';
import {
  beginCounting,
  forgetBase,
  forwardLossOf,
  newFlow,
  overtakingsOf,
  remember,
  settleUpTo,
  type Flow,
} from './udp-flow.ts';
import { addLost } from './udp-lost-runs.ts';
import type { Answer } from './udp-message.ts';

/** A question that nothing has answered after so long is lost, like a SYN that the kernel sends again then. */
export const lostAfterMs = 1000;

/** What has become of the packets of one flow. */
export interface FlowCounts {
  sent: number;
  lost: number;
  /** Of those lost, as far as the far end's counters have told. */
  forwardLost: number;
  returnLost: number;
}

/** What has become of packets since the last time it was asked. */
export interface Tally {
  sent: number;
  received: number;
  forwardLost: number;
  returnLost: number;
  /** Lost ones, perhaps told of before, of which it is certain now that nobody will ever know which way. */
  blindLost: number;
  reordered: number;
  duplicates: number;
  /** Of those answered, in the order of their answers, milliseconds. */
  roundTripsMs: number[];
}

/** The books of one prober about one target. Pure: time is told. */
export interface Ledger {
  /** A question is about to go out; returns its sequence. */
  ask(flow: number, nowMs: number): number;
  /** It goes out now. */
  goes(flow: number, seq: number, nowMs: number): void;
  /** The question could not be sent. */
  unask(flow: number, seq: number): void;
  /**
   * An answer has come. `timed`: its round trip is worth something, milliseconds; `undefined` when this process or the far
   * end was held up meanwhile.
   */
  answer(answer: Answer, roundTripMs: number | undefined, nowMs: number): 'first' | 'again' | 'late';
  /** When a question still waiting was sent. */
  sentMs(flow: number, seq: number): number | undefined;
  /**
   * Gives up the questions that are older than `ageMs`. Those of whose wait too much was slept through count for nothing;
   * returns how many those were, and how many are lost.
   */
  giveUp(
    nowMs: number,
    ageMs: number,
    sleptThrough: (sentMs: number) => boolean,
  ): { lost: number; voided: number };
  /** Questions that wait for their answer. */
  waiting(olderThanMs: number): number;
  /** Questions older than that, lost ones too, that went out after the newest one that was answered: so many in a row. */
  unanswered(olderThanMs: number): number;
  /** Whether anything was answered since the tally was last taken. */
  hasAnswers(): boolean;
  /** Which way anything was lost of what was asked up to now is not told any more. */
  forgetWays(): void;
  /** The tally since this was last asked. */
  take(): Tally;
}

/** @param onCount told each packet's fate, for the statistics of flows */
export function createLedger(
  flowCount: number,
  onCount: (flow: number, change: Partial<FlowCounts>, atMs: number) => void,
): Ledger {
  const flows = Array.from({ length: flowCount }, newFlow);
  // In the order they were sent; flow and sequence in one number.
  const waiting = new Map<number, number>();
  let answeredSentMs = -Infinity;
  let lostSince = 0;
  let tally = emptyTally();

  const attribute = (flow: Flow, at: number, answer: Answer, nowMs: number) => {
    if (flow.base?.epoch !== answer.epoch) {
      // It may be as old as what is forgotten.
      if (flow.base === undefined && answer.seq <= flow.blindUpTo) return;
      tally.blindLost += beginCounting(flow, answer);
      return;
    }
    // What comes after all may have been lost where nobody was blamed.
    const forward = Math.max(-flow.forward, forwardLossOf(flow, flow.base, answer));
    flow.forward += forward;
    settleUpTo(flow, flow.base?.seq ?? -1);
    tally.forwardLost += forward;
    if (forward !== 0) onCount(at, { forwardLost: forward }, nowMs);
    tellReturn(flow, at, nowMs);
  };
  const tellReturn = (flow: Flow, at: number, nowMs: number) => {
    const returnLost = Math.max(0, flow.settledLost - flow.forward - flow.returnTold);
    if (returnLost === 0) return;
    flow.returnTold += returnLost;
    tally.returnLost += returnLost;
    onCount(at, { returnLost }, nowMs);
  };
  return {
    ask(flow, nowMs) {
      const one = flows[flow] as Flow;
      const seq = one.nextSeq++;
      waiting.set(keyOf(flow, seq), nowMs);
      return seq;
    },
    goes: (flow, seq, nowMs) => void waiting.set(keyOf(flow, seq), nowMs),
    unask(flow, seq) {
      waiting.delete(keyOf(flow, seq));
      // The far end will never see it: neither did the path.
      (flows[flow] as Flow).nextSeq = seq;
    },
    sentMs: (flow, seq) => waiting.get(keyOf(flow, seq)),
    answer(answer, roundTripMs, nowMs) {
      const flow = flows[answer.flow];
      if (flow === undefined || answer.seq >= flow.nextSeq) return 'late';
      const sentMs = waiting.get(keyOf(answer.flow, answer.seq));
      const isFirst = waiting.delete(keyOf(answer.flow, answer.seq));
      if (!isFirst && flow.answered.has(answer.seq)) {
        tally.duplicates++;
        return 'again';
      }
      remember(flow, answer.seq);
      if (answer.received < flow.highestReceived) tally.reordered++;
      else flow.highestReceived = answer.received;
      tally.reordered += overtakingsOf(flow, answer);
      attribute(flow, answer.flow, answer, nowMs);
      if (sentMs === undefined) return 'late';
      answeredSentMs = Math.max(answeredSentMs, sentMs);
      // The oldest are given up first: those lost went out before this one, which still waited.
      lostSince = 0;
      tally.sent++;
      tally.received++;
      if (roundTripMs !== undefined) tally.roundTripsMs.push(roundTripMs);
      onCount(answer.flow, { sent: 1 }, nowMs);
      return 'first';
    },
    giveUp(nowMs, ageMs, sleptThrough) {
      let lost = 0;
      let voided = 0;
      for (const [key, sentMs] of waiting) {
        if (sentMs > nowMs - ageMs) break;
        waiting.delete(key);
        if (sleptThrough(sentMs)) {
          voided++;
          continue;
        }
        lost++;
        if (sentMs > answeredSentMs) lostSince++;
        const at = Math.floor(key / 2 ** 32);
        const flow = flows[at] as Flow;
        const seq = key % 2 ** 32;
        if (seq > (flow.base?.seq ?? -1)) addLost(flow.open, seq);
        else if (seq > flow.blindUpTo) flow.settledLost++;
        else tally.blindLost++;
        tally.sent++;
        onCount(at, { sent: 1, lost: 1 }, nowMs);
        tellReturn(flow, at, nowMs);
      }
      return { lost, voided };
    },
    waiting(olderThanMs) {
      let count = 0;
      for (const sentMs of waiting.values()) {
        if (sentMs > olderThanMs) break;
        count++;
      }
      return count;
    },
    unanswered(olderThanMs) {
      let count = lostSince;
      for (const sentMs of waiting.values()) {
        if (sentMs > olderThanMs) break;
        if (sentMs > answeredSentMs) count++;
      }
      return count;
    },
    hasAnswers: () => tally.received > 0,
    forgetWays() {
      for (const flow of flows) tally.blindLost += forgetBase(flow);
    },
    take() {
      // One answer after days of silence tells of more than one result may: the others come with the next ones.
      const forwardLost = Math.min(mostPackets, tally.forwardLost);
      const returnLost = Math.min(mostPackets, tally.returnLost);
      const taken = { ...tally, forwardLost, returnLost };
      tally = {
        ...emptyTally(),
        forwardLost: tally.forwardLost - forwardLost,
        returnLost: tally.returnLost - returnLost,
      };
      return taken;
    },
  };
}

/** The round trips of a tally in short. */
export function tallyFigures({ roundTripsMs }: Tally): RoundTripFigures {
  return roundTripFigures(roundTripsMs);
}

function emptyTally(): Tally {
  return {
    sent: 0,
    received: 0,
    forwardLost: 0,
    returnLost: 0,
    blindLost: 0,
    reordered: 0,
    duplicates: 0,
    roundTripsMs: [],
  };
}

function keyOf(flow: number, seq: number): number {
  return flow * 2 ** 32 + seq;
}
