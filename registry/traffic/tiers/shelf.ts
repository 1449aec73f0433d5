import type { StretchSummary } from '@netring/contract/topology';
import type { Store } from '../../store/index.ts';

/**
 * Resolutions that the service graph is kept in, and for how long. Of the finest only what was said of dependencies: what
 * was counted is in the buckets themselves, which are kept as long.
 */
export const tiers = {
  slot: { stepMs: 10_000, keptMs: 15 * 60_000 },
  minute: { stepMs: 60_000, keptMs: 2 * 3_600_000 },
  ten: { stepMs: 600_000, keptMs: 24 * 3_600_000 },
} as const;
export type Tier = keyof typeof tiers;

/** What is kept of one stretch of time. */
export interface Entry {
  tier: Tier;
  startMs: number;
  bytes: number;
  /** What went on in it; absent where an earlier version kept it. */
  summary?: StretchSummary;
}

/** Packed stretches of the service graph in the store, and an index of them. */
export interface Shelf {
  index(): Promise<Entry[]>;
  put(tier: Tier, startMs: number, value: Buffer, summary: StretchSummary): Promise<void>;
  get(tier: Tier, starts: readonly number[]): Promise<Map<number, Buffer>>;
  remove(entries: readonly Entry[]): Promise<void>;
}

const indexGroup = 'traffic-index';
const hourMs = 3_600_000;

/** Those of one hour are one group, so that they go together even when nobody sweeps. */
function groupOf(tier: Tier, startMs: number): string {
  return `traffic-${tier}:${Math.floor(startMs / hourMs)}`;
}

function keyOf(tier: Tier, startMs: number): string {
  return `${tier} ${startMs}`;
}

export function createShelf(store: Store): Shelf {
  return {
    async index() {
      const found = await store.table.list(indexGroup);
      return [...found].flatMap(([key, value]) => {
        const [tier, startMs] = key.split(' ');
        return isTier(tier) ? [{ tier, startMs: Number(startMs), ...notesOf(value) }] : [];
      });
    },
    async put(tier, startMs, value, summary) {
      const ttlMs = tiers[tier].keptMs + 2 * hourMs;
      const notes = JSON.stringify({ bytes: value.length, summary });
      await store.commit({
        put: [
          { group: groupOf(tier, startMs), key: String(startMs), value, ttlMs },
          { group: indexGroup, key: keyOf(tier, startMs), value: notes, ttlMs: 30 * hourMs },
        ],
      });
    },
    async get(tier, starts) {
      const wanted = starts.map((startMs) => ({ group: groupOf(tier, startMs), key: String(startMs) }));
      const values = wanted.length === 0 ? [] : await store.table.getMany(wanted);
      return new Map(
        starts.flatMap((startMs, at) => {
          const value = values[at];
          return value === undefined ? [] : [[startMs, value] as const];
        }),
      );
    },
    async remove(entries) {
      if (entries.length === 0) return;
      await store.commit({
        remove: entries.flatMap(({ tier, startMs }) => [
          { group: groupOf(tier, startMs), key: String(startMs) },
          { group: indexGroup, key: keyOf(tier, startMs) },
        ]),
      });
    },
  };
}

function isTier(text: string | undefined): text is Tier {
  return text !== undefined && Object.hasOwn(tiers, text);
}

/** An earlier version noted the bytes alone. */
function notesOf(value: Buffer): Pick<Entry, 'bytes' | 'summary'> {
  const notes = JSON.parse(value.toString('utf8')) as number | { bytes: number; summary: StretchSummary };
  return typeof notes === 'number' ? { bytes: notes } : notes;
}
