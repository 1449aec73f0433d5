import { lostAfter, lostIn, type LostRun } from './udp-lost-runs.ts';
import type { Answer } from './udp-message.ts';

/** The newest question that was answered, and what the far end had counted then. */
interface Base {
  seq: number;
  received: number;
  epoch: number;
  reordered: number;
}

/** What is known of the questions of one flow. */
export interface Flow {
  nextSeq: number;
  /** Absent until the far end answers. */
  base?: Base;
  highestReceived: number;
  /** Lost questions newer than `base`: nobody can say yet which way. */
  open: LostRun[];
  /** Of lost questions up to this one nobody can ever say it. */
  blindUpTo: number;
  settledLost: number;
  forward: number;
  returnTold: number;
  answered: Map<number, true>;
}

/** Answers remembered per flow, to know those that come twice. */
const rememberedAnswers = 64;

/**
 * The far end has begun to count, or does so anew, after a restart: it says nothing of what was before. One that answers
 * for the first time may just have started. Returns of how many lost questions nobody will ever know which way.
 */
export function beginCounting(flow: Flow, { seq, received, epoch, reordered }: Answer): number {
  flow.base = { seq, received, epoch, reordered };
  flow.highestReceived = received;
  flow.blindUpTo = seq;
  const open = lostAfter(flow.open, seq);
  const blind = lostIn(flow.open) - lostIn(open);
  flow.open = open;
  return blind;
}

/**
 * Which way any question asked up to now was lost is not told: counting begins with the answer to a newer one. Returns of
 * how many lost questions nobody will ever know which way.
 */
export function forgetBase(flow: Flow): number {
  const blind = lostIn(flow.open);
  flow.open = [];
  delete flow.base;
  flow.blindUpTo = flow.nextSeq - 1;
  return blind;
}

/**
 * How many more questions have got lost on their way there, by this answer: those sent between it and the newest one
 * answered before, less those that the far end has counted meanwhile. Negative for one that has overtaken nobody but come
 * after all. Moves the flow's base.
 */
export function forwardLossOf(flow: Flow, base: Base, { seq, received, epoch, reordered }: Answer): number {
  flow.base = {
    seq: Math.max(seq, base.seq),
    received: Math.max(received, base.received),
    epoch,
    reordered: received > base.received ? reordered : base.reordered,
  };
  return Math.max(0, seq - base.seq) - Math.max(0, received - base.received);
}

/** Of the questions up to this one it can be said which way they were lost. */
export function settleUpTo(flow: Flow, seq: number): void {
  const open = lostAfter(flow.open, seq);
  flow.settledLost += lostIn(flow.open) - lostIn(open);
  flow.open = open;
}

/** Questions that overtook each other since the last answer, by the far end's counter, which wraps at 16 bits. */
export function overtakingsOf(flow: Flow, answer: Answer): number {
  const before = flow.base;
  if (before?.epoch !== answer.epoch) return 0;
  const more = (answer.reordered - before.reordered) & 0xffff;
  return more < 0x8000 ? more : 0;
}

/** Notes that the question was answered. */
export function remember(flow: Flow, seq: number): void {
  flow.answered.set(seq, true);
  if (flow.answered.size <= rememberedAnswers) return;
  const [oldest] = flow.answered.keys();
  if (oldest !== undefined) flow.answered.delete(oldest);
}

/** A flow in which nothing was asked yet. */
export function newFlow(): Flow {
  return {
    nextSeq: 0,
    highestReceived: 0,
    open: [],
    blindUpTo: -1,
    settledLost: 0,
    forward: 0,
    returnTold: 0,
    answered: new Map(),
  };
}
