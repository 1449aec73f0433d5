import { createContext, Script } from 'node:vm';
import type { Groups } from './app-pattern.ts';

/** What came of a list of lines: their groups, `undefined` for what does not match; or the line that took too long. */
export type Matches =
  | { kind: 'done'; groups: readonly (Groups | undefined)[] }
  | { kind: 'too_slow'; line: string; cpuMs: number };

/**
 * How long one line may take, milliseconds of processor time. Ordinary patterns take thousandths; one that tries every
 * way to split a line (`(a+)+`) takes longer than anybody waits.
 */
export const lineBudgetMs = 50;
/** Wall time after which a run is ended: waiting for a busy processor must not look like work. */
const runLimitMs = 250;
/** A machine that does not get to run a line in so many rounds has other troubles. */
const mostRounds = 20;

interface Room {
  expression: RegExp;
  lines: readonly string[];
  groups: (Groups | undefined)[];
  at: number;
}

/**
 * Matches lines with a pattern of somebody else's, which may be one that never ends: the engine is interrupted, and the
 * line that it was at is named.
 */
export function guardedMatch(expression: RegExp): (lines: readonly string[]) => Matches {
  const room: Room = { expression, lines: [], groups: [], at: 0 };
  const context = createContext({ room }, { codeGeneration: { strings: false, wasm: false } });
  const script = new Script(
    'for (; room.at < room.lines.length; room.at++) room.groups[room.at] = room.expression.exec(room.lines[room.at])?.groups;',
  );
  /** True when all lines are through. */
  const run = (): boolean => {
    try {
      script.runInContext(context, { timeout: runLimitMs });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
      return false;
    }
  };
  return (lines) => {
    Object.assign(room, { lines, groups: [], at: 0 });
    for (let rounds = 0, stuckAt = -1; rounds < mostRounds; rounds++) {
      const before = process.cpuUsage();
      if (run()) break;
      const { user, system } = process.cpuUsage(before);
      // The first time it may have been all lines together: only one that begins a run and ends none is too slow.
      const cpuMs = (user + system) / 1000;
      if (stuckAt === room.at && cpuMs > lineBudgetMs)
        return { kind: 'too_slow', line: lines[room.at] as string, cpuMs: Math.round(cpuMs) };
      stuckAt = room.at;
    }
    return { kind: 'done', groups: room.groups };
  };
}
