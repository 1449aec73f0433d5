import { readFileSync } from 'node:fs';

/** The share of one core that looking at sockets may take. */
export const mostShare = 0.05;
/** However much it costs, it looks this often. */
const longestMs = 60_000;

/**
 * How long to wait from one look to the next so that looks that cost so much processor time stay within the share; at
 * least `intervalMs`.
 */
export function intervalFor(intervalMs: number, costMs: number): number {
  return Math.min(Math.max(intervalMs, costMs / mostShare), Math.max(intervalMs, longestMs));
}

/** The cost of a look: an average that follows in a few looks, so that one bad moment slows nothing down for long. */
export function averageCost(before: number | undefined, costMs: number): number {
  return before === undefined ? costMs : 0.7 * before + 0.3 * costMs;
}

/** Linux has counted processor time in hundredths of a second since ever (`getconf CLK_TCK`). */
const msPerTick = 10;

/** Processor time of all children that have ended, milliseconds (proc(5): `cutime`, `cstime`). */
export function childrenCpuMs(): number {
  const stat = readFileSync('/proc/self/stat', 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) * msPerTick;
}

/** Adds up the processor time of pieces of work of this process, between which it does other things. */
export interface Stopwatch {
  /** Runs a piece of work, which must not wait for anything. */
  time<T>(work: () => T): T;
  /** Milliseconds since it was asked last. */
  take(): number;
}

export function createStopwatch(): Stopwatch {
  let spentUs = 0;
  return {
    time(work) {
      const before = process.cpuUsage();
      try {
        return work();
      } finally {
        const { user, system } = process.cpuUsage(before);
        spentUs += user + system;
      }
    },
    take() {
      const spentMs = spentUs / 1000;
      spentUs = 0;
      return spentMs;
    },
  };
}
