/** What the answering end knows of one flow of one prober. */
export interface FlowSeen {
  /** Questions that have arrived, each counted once. */
  received: number;
  /** Chosen when the counting began, so that the prober notices when it began anew. */
  epoch: number;
  reordered: number;
  duplicates: number;
}

/** Counts questions, and knows those it has seen. */
export interface QuestionBook {
  /** The flow's counts with this question in them, or `undefined` when it must not be answered: it was already, or is too old to tell. */
  take(boot: string, flow: number, seq: number, nowMs: number): FlowSeen | undefined;
}

/** Flows of one prober at most; it may have up to 256. */
const maxFlows = 256;
/** Probers (boots, that is) counted at most; a member of a ring of 1,000 is probed by about 100. */
const maxProbers = 2048;
/** A prober that says nothing for so long is forgotten when room is needed. */
const idleMs = 600_000;
/** How far behind the newest question of its flow one may come; the window of RFC 4303. */
const windowSize = 64;

interface Flow extends FlowSeen {
  highest: number;
  /** Bit n: the question `highest - n` has come. */
  window: bigint;
}

/** @param newEpoch a random 16-bit number */
export function createQuestionBook(newEpoch: () => number): QuestionBook {
  const probers = new Map<string, { lastMs: number; flows: Map<number, Flow> }>();

  const proberOf = (boot: string, nowMs: number) => {
    const there = probers.get(boot);
    if (there !== undefined) {
      there.lastMs = nowMs;
      return there;
    }
    if (probers.size >= maxProbers) makeRoom(nowMs);
    if (probers.size >= maxProbers) return undefined;
    const made = { lastMs: nowMs, flows: new Map<number, Flow>() };
    probers.set(boot, made);
    return made;
  };
  const makeRoom = (nowMs: number) => {
    for (const [boot, { lastMs }] of probers) if (lastMs < nowMs - idleMs) probers.delete(boot);
  };
  return {
    take(boot, flow, seq, nowMs) {
      const prober = proberOf(boot, nowMs);
      if (prober === undefined || flow >= maxFlows) return undefined;
      const seen = prober.flows.get(flow);
      if (seen === undefined) {
        const made = {
          received: 1,
          epoch: newEpoch(),
          reordered: 0,
          duplicates: 0,
          highest: seq,
          window: 1n,
        };
        prober.flows.set(flow, made);
        return made;
      }
      return isNew(seen, seq) ? seen : undefined;
    },
  };
}

const windowMask = (1n << BigInt(windowSize)) - 1n;

/** Notes a question, and says whether it is one that has not come before. */
function isNew(flow: Flow, seq: number): boolean {
  const ahead = seq - flow.highest;
  if (ahead > 0) {
    flow.window = ahead >= windowSize ? 1n : ((flow.window << BigInt(ahead)) | 1n) & windowMask;
    flow.highest = seq;
    flow.received++;
    return true;
  }
  if (-ahead >= windowSize) return false;
  const bit = 1n << BigInt(-ahead);
  if ((flow.window & bit) !== 0n) {
    flow.duplicates++;
    return false;
  }
  flow.window |= bit;
  flow.received++;
  flow.reordered++;
  return true;
}
