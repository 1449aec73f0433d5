/** Bytes that this member spends on bandwidth tests, at either end, in any 24 hours. No registry can raise it. */
export interface DayBudget {
  /** What may still be spent now. */
  left(): number;
  spend(bytes: number): void;
}

const dayMs = 24 * 3_600_000;
/** Spent bytes come free again hour by hour, a day later. */
const slotMs = 3_600_000;

export function createDayBudget(perDay: number, now: () => number): DayBudget {
  let slots: { n: number; bytes: number }[] = [];
  const slotNow = () => Math.floor(now() / slotMs);
  return {
    left() {
      slots = slots.filter(({ n }) => n > slotNow() - dayMs / slotMs);
      return Math.max(0, perDay - slots.reduce((sum, { bytes }) => sum + bytes, 0));
    },
    spend(bytes) {
      const last = slots.at(-1);
      if (last?.n === slotNow()) last.bytes += bytes;
      else slots.push({ n: slotNow(), bytes });
    },
  };
}
