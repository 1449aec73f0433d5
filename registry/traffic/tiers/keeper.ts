import type { Logger } from '@netring/service/log';
import type { Store } from '../../store/index.ts';
import type { Proofs, Resolver } from '../join/index.ts';
import { slotMs, type StateBook, type StoredState } from '../states/index.ts';
import { slotOf, type Slot } from '../sums/index.ts';
import { unpackVerdicts, unpackWindow } from './pack.ts';
import { reliefOf } from './relief.ts';
import { rollUp } from './roll.ts';
import { tiers, type Shelf } from './shelf.ts';
import { createVerdictKeeper, type VerdictNeeds } from './verdicts.ts';

/** A minute is over, reported and taken. */
const settledMs = 25_000;
const { stepMs: minuteMs } = tiers.minute;
const { stepMs: tenMs } = tiers.ten;
/** As long as states wait in the store: a new leader makes up for an old one. */
const lookBackMs = 15 * minuteMs;

export interface KeeperNeeds {
  store: Store;
  shelf: Shelf;
  states: StateBook;
  resolver: () => Resolver;
  proofs: Proofs;
  /** The dependencies as they stand. */
  edges: VerdictNeeds['edges'];
  boundBytes: number;
  log: Logger;
}

/** Rolls up minutes and tens of minutes, within the bound. For the leader alone. */
export interface Keeper {
  /** Does what is due at `nowMs`; to be called every few seconds. */
  keep(nowMs: number): Promise<void>;
}

export function createKeeper({
  store,
  shelf,
  states,
  resolver,
  proofs,
  edges,
  boundBytes,
  log,
}: KeeperNeeds): Keeper {
  const verdicts = createVerdictKeeper({ shelf, edges });
  let doneUntilMs = -Infinity;

  return {
    async keep(nowMs) {
      await verdicts.keep(nowMs);
      const late = new Set(states.takeLateMinutes());
      const lastMs = floor(nowMs - settledMs, minuteMs) - minuteMs;
      if (lastMs <= doneUntilMs && late.size === 0) return;
      const index = await shelf.index();
      const known = new Set(index.map(({ tier, startMs }) => `${tier} ${startMs}`));
      const touched = new Set<number>();
      for (let startMs = floor(nowMs - lookBackMs, minuteMs); startMs <= lastMs; startMs += minuteMs) {
        const isNew = startMs > doneUntilMs && !known.has(`minute ${startMs}`);
        if ((isNew || late.has(startMs)) && (await rollMinute(startMs))) touched.add(floor(startMs, tenMs));
      }
      doneUntilMs = lastMs;
      for (const startMs of touched) await rollTen(startMs, lastMs);
      const dueMs = floor(lastMs + minuteMs, tenMs) - tenMs;
      if (!touched.has(dueMs) && !known.has(`ten ${dueMs}`)) await rollTen(dueMs, lastMs);
      const gone = reliefOf(await shelf.index(), boundBytes, nowMs);
      if (gone.some(({ startMs, tier }) => startMs > nowMs - tiers[tier].keptMs))
        log.warn(
          { stretches: gone.length },
          'service graph: old stretches go before their time, for its bound',
        );
      await shelf.remove(gone);
    },
  };

  async function rollMinute(startMs: number): Promise<boolean> {
    const found = await states.readMinute(store, startMs);
    if (found.length === 0) return false;
    const slots = await withVerdicts(slotsOf(found, resolver(), proofs), shelf);
    const { value, summary } = await rollUp(startMs, minuteMs, slots);
    await shelf.put('minute', startMs, value, summary);
    return true;
  }

  /** Once its last minute is there; again when one of them came late. */
  async function rollTen(startMs: number, lastMs: number): Promise<void> {
    if (startMs + tenMs > lastMs + minuteMs) return;
    const starts = Array.from({ length: tenMs / minuteMs }, (_, at) => startMs + at * minuteMs);
    const slots: Slot[] = [];
    for (const value of (await shelf.get('minute', starts)).values()) slots.push(await unpackWindow(value));
    if (slots.length === 0) return;
    const { value, summary } = await rollUp(startMs, tenMs, slots);
    await shelf.put('ten', startMs, value, summary);
  }
}

/** Stretches of 10 s with what was said of their dependencies, as far as that is kept. */
export async function withVerdicts(slots: readonly Slot[], shelf: Shelf): Promise<Slot[]> {
  const kept = await shelf.get(
    'slot',
    slots.map(({ startMs }) => startMs),
  );
  return Promise.all(
    slots.map(async (slot) => {
      const value = kept.get(slot.startMs);
      return value === undefined ? slot : { ...slot, judged: await unpackVerdicts(value) };
    }),
  );
}

/** States of one or several stretches of 10 s, recognised and added up. */
export function slotsOf(found: readonly StoredState[], resolver: Resolver, proofs: Proofs): Slot[] {
  const byStart = new Map<number, StoredState[]>();
  for (const state of found) byStart.set(state.startMs, [...(byStart.get(state.startMs) ?? []), state]);
  return [...byStart].map(([startMs, some]) =>
    slotOf(
      startMs,
      slotMs,
      some.flatMap((state) => resolver.rows(state)).map((row) => proofs.apply(row)),
    ),
  );
}

function floor(ms: number, stepMs: number): number {
  return Math.floor(ms / stepMs) * stepMs;
}
