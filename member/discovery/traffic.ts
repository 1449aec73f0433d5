import { bucketMs } from '@netring/contract/report';
import type { TrafficState } from '@netring/contract/traffic';
import type { ObservationOutcome, TrafficObservation } from '@netring/topology';
import type { SignalsOf, SignalValues } from './collector.ts';
import { createCounting, type Counting } from './counting.ts';
import { fitted } from './fitting.ts';
import { renamedBucket, renamedSignals, type Rename } from './renamed.ts';
import { offsetAfter, type Clocks } from './wall-clock.ts';

/** A bucket of traffic, and how much of it the registry has. */
interface Mark {
  n: number;
  startMs: number;
  epoch: Epoch;
  /** How far the bucket had come when it was last looked at. */
  observations: number;
  signals: number;
  revision: number;
  told: number;
}

/** The time between two steps of the wall clock. */
interface Epoch {
  counting: Counting;
  /** What to take from a wall-clock time to have it on the monotonic clock. */
  offsetMs: number;
  /** The number that the bucket at wall-clock time 0 would have. */
  firstN: number;
}

/** States that go with one report, and what to call them when they have arrived. */
export interface StatesToTell {
  states: TrafficState[];
  receipt: readonly { mark: Mark; revision: number }[];
  bytes: number;
  /** Whether there are more. */
  isMore: boolean;
}

export interface Traffic {
  observe: (observation: TrafficObservation) => ObservationOutcome;
  signals: (of: SignalsOf, values: SignalValues) => void;
  /** Looks at the clocks; call it every second. */
  look: () => void;
  /** Grows with every dependency that has not been seen lately. */
  dependenciesMade: () => number;
  /** A wall-clock time on the monotonic clock. */
  monotonicOf: (wallMs: number) => number;
  /** The newest states that the registry does not have, as many as go with one report. */
  toTell: (most: { states: number; bytes: number }, rename: Rename) => StatesToTell;
  told: (states: StatesToTell) => void;
  /** What began less than `ageMs` ago is told again. */
  forgetTold: (ageMs: number) => void;
  /** Names have changed: what began less than `ageMs` ago has a new state. */
  touch: (ageMs: number) => void;
  waiting: () => number;
  /** Signals and dependencies that found no room. */
  dropped: () => { signals: number; dependencies: number };
}

export interface TrafficNeeds {
  clocks: Clocks;
  reporter: string;
  /** How long a bucket is kept for a registry that is away. */
  keepMs: number;
  /** The wall clock was stepped by so much. */
  onStep: (byMs: number) => void;
}

export function createTraffic({ clocks, reporter, keepMs, onStep }: TrafficNeeds): Traffic {
  let nextN = 0;
  let epochs = 0;
  let dropped = 0;
  /** Before the clock was stepped; kept until all of it has been told. */
  let before: Epoch | undefined;
  let marks: Mark[] = [];
  let madeBefore = 0;
  let leftOut = 0;

  const begin = (offsetMs: number): Epoch => {
    const wallMs = clocks.wallMs();
    const oldest = Math.floor((wallMs - keepMs) / bucketMs);
    const counting = createCounting(`${reporter}/${epochs++}`, keepMs);
    counting.advance(wallMs);
    // One more than what may be seen ahead, so that numbers go on growing after the next step.
    return { counting, offsetMs, firstN: nextN - oldest };
  };
  let epoch = begin(offsetAfter(undefined, clocks).toMonotonicMs);

  const numberOf = (of: Epoch, startMs: number): number => of.firstN + Math.round(startMs / bucketMs);
  const look = () => {
    const { toMonotonicMs, steppedMs } = offsetAfter(epoch.offsetMs, clocks);
    if (steppedMs !== 0) {
      refresh();
      madeBefore += epoch.counting.dependenciesMade();
      dropped += epoch.counting.dropped();
      marks = marks.filter((one) => one.epoch === epoch);
      before = epoch;
      epoch = begin(toMonotonicMs);
      onStep(steppedMs);
    }
    epoch.counting.advance(clocks.wallMs());
  };
  const refreshOf = (of: Epoch) => {
    const known = new Map(marks.filter((one) => one.epoch === of).map((one) => [one.startMs, one]));
    for (const { startMs, observations, signals } of of.counting.progress()) {
      const mark = known.get(startMs);
      if (mark === undefined) {
        const n = numberOf(of, startMs);
        nextN = Math.max(nextN, n + 1);
        marks.push({ n, startMs, epoch: of, observations, signals, revision: 1, told: 0 });
      } else if (mark.observations !== observations || mark.signals !== signals) {
        Object.assign(mark, { observations, signals, revision: mark.revision + 1 });
      }
    }
  };
  const refresh = () => {
    if (before !== undefined) refreshOf(before);
    refreshOf(epoch);
    const oldMs = clocks.monotonicMs() - keepMs - bucketMs;
    marks = marks.filter((one) => one.startMs - one.epoch.offsetMs > oldMs);
    if (!marks.some((one) => one.epoch === before)) before = undefined;
  };
  const untold = () => marks.filter((one) => one.revision > one.told);
  const younger = (ageMs: number) => {
    const oldMs = clocks.monotonicMs() - ageMs - bucketMs;
    return marks.filter((one) => one.startMs - one.epoch.offsetMs > oldMs);
  };
  const stateOf = (mark: Mark, rename: Rename) => {
    const { counting, offsetMs } = mark.epoch;
    const { bucket, signals } = counting.bucket(mark.startMs);
    const fit = fitted(renamedBucket(bucket, rename), renamedSignals(signals, rename));
    leftOut = Math.max(leftOut, fit.left);
    const state: TrafficState = {
      n: mark.n,
      started_ms: mark.startMs - offsetMs,
      revision: mark.revision,
      bucket: fit.bucket,
      signals: fit.signals,
    };
    return { state, bytes: fit.bytes };
  };

  return {
    observe: (observation) => epoch.counting.observe(observation),
    signals: (of, values) => epoch.counting.signals(of, values),
    look,
    dependenciesMade: () => madeBefore + epoch.counting.dependenciesMade(),
    monotonicOf: (wallMs) => wallMs - epoch.offsetMs,
    toTell(most, rename) {
      look();
      refresh();
      const states: TrafficState[] = [];
      const receipt: { mark: Mark; revision: number }[] = [];
      let bytes = 0;
      // The newest first: what is on the screen waits for nothing older.
      const all = untold().sort((a, b) => b.n - a.n);
      for (const mark of all.slice(0, most.states)) {
        const next = stateOf(mark, rename);
        if (states.length > 0 && bytes + next.bytes > most.bytes) break;
        bytes += next.bytes;
        states.push(next.state);
        receipt.push({ mark, revision: mark.revision });
      }
      return { states, receipt, bytes, isMore: receipt.length < all.length };
    },
    told({ receipt }) {
      for (const { mark, revision } of receipt) mark.told = Math.max(mark.told, revision);
    },
    forgetTold(ageMs) {
      for (const mark of younger(ageMs)) mark.told = 0;
    },
    touch(ageMs) {
      refresh();
      for (const mark of younger(ageMs)) mark.revision++;
    },
    waiting() {
      refresh();
      return untold().length;
    },
    dropped: () => ({ signals: dropped + epoch.counting.dropped(), dependencies: leftOut }),
  };
}
