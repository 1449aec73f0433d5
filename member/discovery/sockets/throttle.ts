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

/**
 * The cost of a look: an average that follows in a few looks, so that one bad moment slows nothing down for long. The
 * first look finds all processes, which no other has to: it counts little.
 */
export function averageCost(before: number | undefined, costMs: number): number {
  return before === undefined ? costMs / 8 : 0.7 * before + 0.3 * costMs;
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

/**
 * Asking the system for processor time is dear, so it is asked once a look. What other work took meanwhile is in that
 * figure, and what others of the machine took is in the time of the pieces: the truth is at most the lesser one.
 */
export function createStopwatch(): Stopwatch {
  let piecesMs = 0;
  let before = process.cpuUsage();
  return {
    time(work) {
      const startedMs = performance.now();
      try {
        return work();
      } finally {
        piecesMs += performance.now() - startedMs;
      }
    },
    take() {
      const { user, system } = process.cpuUsage(before);
      const spentMs = Math.min(piecesMs, (user + system) / 1000);
      piecesMs = 0;
      before = process.cpuUsage();
      return spentMs;
    },
  };
}
