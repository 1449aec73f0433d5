/** Whose turn to ask it is. Pure: time is told. */
export interface Turns<T> {
  add(one: T, dueMs: number): void;
  remove(one: T): void;
  /** When so many are due that they are worth waking up for; `Infinity` while there are fewer at all. */
  dueMs: () => number;
  /** Those that are due, the earliest first; they are no longer among them. */
  take(nowMs: number): { one: T; dueMs: number }[];
}

/** @param together so many wait for each other */
export function createTurns<T>(together: number): Turns<T> {
  /** The earliest first. */
  const turns: { one: T; dueMs: number }[] = [];
  return {
    add(one, dueMs) {
      const after = turns.findLastIndex((turn) => turn.dueMs <= dueMs);
      turns.splice(after + 1, 0, { one, dueMs });
    },
    remove(one) {
      const at = turns.findIndex((turn) => turn.one === one);
      if (at >= 0) turns.splice(at, 1);
    },
    dueMs: () => turns[together - 1]?.dueMs ?? Infinity,
    take(nowMs) {
      const later = turns.findIndex(({ dueMs }) => dueMs > nowMs);
      return turns.splice(0, later < 0 ? turns.length : later);
    },
  };
}
