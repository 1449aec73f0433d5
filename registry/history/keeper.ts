import type { Logger } from '@netring/service/log';
import { minuteMs, type MinuteOfPath } from '../paths/index.ts';
import { reliefFor } from './bound.ts';
import { pointOf, type Point } from './point.ts';
import { hourMs, type HourEntry, type Shelf } from './shelf.ts';
import { inSteps } from './steps.ts';
import { usualOf } from './usual.ts';

/** When the last bucket of a minute is over and reported: buckets are 10 s, reports come every 2 s. */
const settledMs = 13_000;
/** The minutes of an hour wait in the store for three hours: as long a new leader can make up for an old one. */
const hoursToPack = 2;

export interface KeeperNeeds {
  shelf: Shelf;
  /** What a minute showed of all paths. */
  minute: (startedMs: number) => Iterable<MinuteOfPath>;
  /** Everybody whose paths may be kept. */
  sources: () => Iterable<string>;
  /** When either end of a path last came to another place. */
  movedAtMs?: (source: string, target: string) => number;
  /** Packed history takes this much at most. */
  boundBytes: number;
  log: Logger;
}

/** Writes history: minute by minute, hour by hour, within its bound. For the leader alone. */
export interface Keeper {
  /** Does what is due at `nowMs`; to be called every few seconds. */
  keep(nowMs: number): Promise<void>;
}

export function createKeeper(needs: KeeperNeeds): Keeper {
  const { shelf, minute, sources, movedAtMs = () => 0, boundBytes, log } = needs;
  let keptUntilMs = -Infinity;

  return {
    async keep(nowMs) {
      const startedMs = Math.floor((nowMs - settledMs) / minuteMs) * minuteMs - minuteMs;
      if (startedMs <= keptUntilMs) return;
      await shelf.putMinute(startedMs, pointsOf(minute(startedMs), startedMs));
      keptUntilMs = startedMs;
      await packHours(Math.floor((startedMs + minuteMs) / hourMs));
    },
  };

  /** Packs the hours before `current` that are not packed yet; again, when a leader was lost half way. */
  async function packHours(current: number): Promise<void> {
    const index = await shelf.index();
    for (let hour = current - hoursToPack; hour < current; hour++) {
      if (!index.has(hour)) index.set(hour, await packHour(hour));
    }
    for (const hour of [...index.keys()].filter((one) => one < current - 24)) {
      index.delete(hour);
      await shelf.putIndex(hour, undefined);
    }
    await relieve(index);
  }

  async function packHour(hour: number): Promise<HourEntry> {
    const entry: HourEntry = { bytes: 0, stepMinutes: 1 };
    for (const source of sources()) {
      const paths = await shelf.openHour(hour, source);
      if (paths.size === 0) continue;
      entry.bytes += await shelf.putHour(hour, source, paths);
      const usual = [...paths].map(
        ([target, points]) => [target, usualOf(points, movedAtMs(source, target))] as const,
      );
      await shelf.putUsual(hour, source, Object.fromEntries(usual));
    }
    await shelf.putIndex(hour, entry);
    return entry;
  }

  async function relieve(index: Map<number, HourEntry>): Promise<void> {
    for (;;) {
      const relief = reliefFor(index, boundBytes);
      if (relief.kind === 'none') return;
      if (relief.kind === 'drop') {
        log.warn(
          { hour: new Date(relief.hour * hourMs).toISOString() },
          'history: an hour goes, for its bound',
        );
        await shelf.dropHour(relief.hour, sources());
        await shelf.putIndex(relief.hour, undefined);
        index.delete(relief.hour);
        continue;
      }
      const { hour, stepMinutes } = relief;
      const entry: HourEntry = { bytes: 0, stepMinutes };
      for (const source of sources()) {
        const paths = await shelf.hour(hour, source);
        const coarse = [...paths].map(
          ([target, points]) => [target, inSteps(points, stepMinutes * minuteMs)] as const,
        );
        entry.bytes += await shelf.putHour(hour, source, new Map(coarse));
      }
      await shelf.putIndex(hour, entry);
      index.set(hour, entry);
    }
  }
}

function pointsOf(minutes: Iterable<MinuteOfPath>, atMs: number): Map<string, Map<string, Point>> {
  const bySource = new Map<string, Map<string, Point>>();
  for (const one of minutes) {
    const points = bySource.get(one.source) ?? new Map<string, Point>();
    bySource.set(one.source, points.set(one.target, pointOf(one, atMs)));
  }
  return bySource;
}
