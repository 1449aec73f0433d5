import type { Store } from '../store/index.ts';
import { packMinute, packPoints, unpackMinute, unpackPoints } from './pack.ts';
import type { Point } from './point.ts';
import type { UsualOfPath } from './usual.ts';

export const hourMs = 3_600_000;
/** History reaches back a day; the hour that is leaving is whole until it is gone. */
const keptMs = 25 * hourMs;
/** The minutes of an hour under way wait until it is packed. */
const openKeptMs = 3 * hourMs;
/** What a key and its place cost the store beside the value. */
const bytesPerValue = 100;

/** What stands of one hour. */
export interface HourEntry {
  bytes: number;
  stepMinutes: number;
}

/**
 * Where history stands in the store: the hour under way as one value per source and minute, earlier ones as one value
 * per path and hour, so that neither writing nor reading needs more than a little of it in memory.
 */
export interface Shelf {
  /**
   * Puts what is not there yet. A minute is written once: a registry that has just started knows less of it than the one
   * before, which has looked all the while.
   */
  putMinute(atMs: number, bySource: ReadonlyMap<string, ReadonlyMap<string, Point>>): Promise<void>;
  /** The minutes of a source in an hour that is not packed yet, by target. */
  openHour(hour: number, source: string): Promise<Map<string, Point[]>>;
  /** Puts an hour of a source, one value per path; how many bytes that takes. */
  putHour(hour: number, source: string, paths: ReadonlyMap<string, readonly Point[]>): Promise<number>;
  hour(hour: number, source: string): Promise<Map<string, Point[]>>;
  /** One path in some hours, oldest first, packed or not. */
  path(source: string, target: string, hours: readonly number[]): Promise<Point[]>;
  dropHour(hour: number, sources: Iterable<string>): Promise<void>;
  index(): Promise<Map<number, HourEntry>>;
  putIndex(hour: number, entry: HourEntry | undefined): Promise<void>;
  /** What was usual in the packed hours of a source, by hour and target. */
  usual(source: string): Promise<Map<number, Record<string, UsualOfPath>>>;
  putUsual(hour: number, source: string, usual: Record<string, UsualOfPath>): Promise<void>;
}

const minutesAtOnce = 50;

export function createShelf(store: Store): Shelf {
  const openGroup = (hour: number, source: string) => `history-open:${hour}:${source}`;
  const hourGroup = (hour: number, source: string) => `history:${hour}:${source}`;
  const usualGroup = (source: string) => `history-usual:${source}`;
  const indexGroup = 'history-index';

  return {
    async putMinute(atMs, bySource) {
      const hour = Math.floor(atMs / hourMs);
      const key = minuteKey(atMs);
      const put = [...bySource].map(([source, points]) => ({
        group: openGroup(hour, source),
        key,
        value: packMinute(points),
        ttlMs: openKeptMs,
      }));
      for (let at = 0; at < put.length; at += minutesAtOnce) {
        const some = put.slice(at, at + minutesAtOnce);
        const found = await store.table.getMany(some);
        const missing = some.filter((_, n) => found[n] === undefined);
        if (missing.length > 0) await store.commit({ put: missing });
      }
    },
    async openHour(hour, source) {
      const paths = new Map<string, Point[]>();
      for (const value of (await store.table.list(openGroup(hour, source))).values()) {
        for (const [target, point] of unpackMinute(value))
          paths.set(target, [...(paths.get(target) ?? []), point]);
      }
      for (const points of paths.values()) points.sort((a, b) => a.at_ms - b.at_ms);
      return paths;
    },
    async putHour(hour, source, paths) {
      const group = hourGroup(hour, source);
      const put = [...paths].map(([key, points]) => ({
        group,
        key,
        value: packPoints(points),
        ttlMs: keptMs,
      }));
      if (put.length > 0) await store.commit({ put });
      return put.reduce((sum, one) => sum + one.value.length + one.key.length + bytesPerValue, 0);
    },
    async hour(hour, source) {
      const values = await store.table.list(hourGroup(hour, source));
      return new Map([...values].map(([target, value]) => [target, unpackPoints(value)]));
    },
    async path(source, target, hours) {
      const found = await store.table.getMany(
        hours.map((hour) => ({ group: hourGroup(hour, source), key: target })),
      );
      const parts = hours.map(async (hour, at) => {
        const value = found[at];
        return value === undefined ? openPath(hour, source, target) : unpackPoints(value);
      });
      return (await Promise.all(parts)).flat();
    },
    async dropHour(hour, sources) {
      for (const source of sources) {
        const group = hourGroup(hour, source);
        const keys = [...(await store.table.list(group)).keys()];
        if (keys.length > 0) await store.table.delete(group, keys);
      }
    },
    async index() {
      const entries = await store.table.list(indexGroup);
      return new Map(
        [...entries]
          .map(([hour, value]): [number, HourEntry] => [
            Number(hour),
            JSON.parse(value.toString()) as HourEntry,
          ])
          .sort(([a], [b]) => a - b),
      );
    },
    async putIndex(hour, entry) {
      const key = String(hour);
      if (entry === undefined) await store.table.delete(indexGroup, [key]);
      else await store.table.put(indexGroup, key, JSON.stringify(entry));
    },
    async usual(source) {
      const entries = await store.table.list(usualGroup(source));
      return new Map(
        [...entries].map(([hour, value]) => [
          Number(hour),
          JSON.parse(value.toString()) as Record<string, UsualOfPath>,
        ]),
      );
    },
    async putUsual(hour, source, usual) {
      const group = usualGroup(source);
      await store.commit({
        put: [{ group, key: String(hour), value: JSON.stringify(usual), ttlMs: keptMs }],
        remove: [{ group, key: String(hour - 24) }],
      });
    },
  };

  async function openPath(hour: number, source: string, target: string): Promise<Point[]> {
    const values = await store.table.list(openGroup(hour, source));
    return [...values.values()]
      .flatMap((value) => unpackMinute(value).get(target) ?? [])
      .sort((a, b) => a.at_ms - b.at_ms);
  }
}

function minuteKey(atMs: number): string {
  return String(Math.floor((atMs % hourMs) / 60_000));
}
