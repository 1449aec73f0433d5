import type { Store } from '../../store/index.ts';
import type { Proofs, Resolver } from '../join/index.ts';
import { slotMs, statesKeptMs, type StateBook } from '../states/index.ts';
import type { Slot } from '../sums/index.ts';
import { slotsOf, withVerdicts } from './keeper.ts';
import { unpackWindow } from './pack.ts';
import { tiers, type Shelf } from './shelf.ts';

const { stepMs: minuteMs } = tiers.minute;
const { stepMs: tenMs } = tiers.ten;

export interface ReaderNeeds {
  store: Store;
  shelf: Shelf;
  states: StateBook;
  resolver: () => Resolver;
  proofs: Proofs;
  /** What is in memory, of everything that ends after that moment. */
  live: (fromMs: number) => Slot[];
}

/** Reads windows of the service graph, each part from the coarsest tier that still tells where it begins and ends. */
export interface Reader {
  /** Stretches that lie in the window at least in part, oldest first. */
  slots(fromMs: number, toMs: number, nowMs: number): Promise<Slot[]>;
}

export function createReader({ store, shelf, states, resolver, proofs, live }: ReaderNeeds): Reader {
  return {
    async slots(fromMs, toMs, nowMs) {
      const memory = live(-Infinity);
      const memoryFromMs = memory[0]?.startMs ?? Infinity;
      const minutesFromMs = Math.ceil((nowMs - tiers.minute.keptMs) / tenMs) * tenMs;
      const slots: Slot[] = [];
      if (fromMs < minutesFromMs) slots.push(...(await ofTier('ten', fromMs, Math.min(toMs, minutesFromMs))));
      const starts = steps(Math.max(fromMs, minutesFromMs), toMs, minuteMs);
      const whole = starts.filter((startMs) => startMs >= fromMs && startMs + minuteMs <= toMs);
      const packed = await shelf.get('minute', whole);
      const tens = new Set<number>();
      /** A minute that lies in the window in part, or that went before its time: then its ten minutes tell of it, once. */
      const coarse = async (startMs: number): Promise<Slot[]> => {
        const minute = await ofTier('minute', startMs, startMs + 1);
        const tenStartMs = Math.floor(startMs / tenMs) * tenMs;
        if (minute.length > 0 || tens.has(tenStartMs)) return minute;
        tens.add(tenStartMs);
        const others = await ofTier('minute', tenStartMs, tenStartMs + tenMs);
        return others.length > 0 ? [] : ofTier('ten', tenStartMs, tenStartMs + 1);
      };
      for (const startMs of starts) {
        const value = packed.get(startMs);
        if (value !== undefined) slots.push(await unpackWindow(value));
        else if (startMs >= memoryFromMs || startMs > nowMs - statesKeptMs)
          slots.push(...(await fine(startMs, memory, memoryFromMs)));
        else slots.push(...(await coarse(startMs)));
      }
      const wanted = slots.filter((one) => one.startMs < toMs && one.startMs + one.durationMs > fromMs);
      const judged = await withVerdicts(
        wanted.filter(({ durationMs }) => durationMs === slotMs),
        shelf,
      );
      const byStart = new Map(judged.map((one) => [one.startMs, one]));
      return wanted.map((one) => (one.durationMs === slotMs ? (byStart.get(one.startMs) ?? one) : one));
    },
  };

  /** The buckets of one minute: from memory, where it reaches back to them. */
  async function fine(startMs: number, memory: Slot[], memoryFromMs: number): Promise<Slot[]> {
    const isIn = (one: { startMs: number }) => one.startMs >= startMs && one.startMs < startMs + minuteMs;
    if (startMs >= memoryFromMs - slotMs) return memory.filter(isIn);
    return slotsOf(await states.readMinute(store, startMs), resolver(), proofs);
  }

  async function ofTier(tier: 'minute' | 'ten', fromMs: number, toMs: number): Promise<Slot[]> {
    const slots: Slot[] = [];
    for (const value of (await shelf.get(tier, steps(fromMs, toMs, tiers[tier].stepMs))).values())
      slots.push(await unpackWindow(value));
    return slots;
  }
}

/** Where the steps begin that have a part in a window. */
function steps(fromMs: number, toMs: number, stepMs: number): number[] {
  const first = Math.floor(fromMs / stepMs) * stepMs;
  const count = Math.max(0, Math.ceil((toMs - first) / stepMs));
  return Array.from({ length: count }, (_, at) => first + at * stepMs);
}
