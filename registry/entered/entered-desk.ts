import { randomBytes } from 'node:crypto';
import type { Silence } from '@netring/contract/alert';
import {
  enteredPosition,
  enteredSilence,
  enteredVersion,
  enteredWatcher,
  type EnteredAnswer,
  type EnteredFile,
  type EnteredImport,
  type EnteredWatcher,
} from '@netring/contract/entered';
import type { Position } from '@netring/contract/graph';
import { restore, type Restored, type Shelf } from './restore.ts';

/** Everything that people entered, to be taken away as a file and put back. */
export interface EnteredDesk {
  /** @param withSecrets whether those that sign what watchers get are in it */
  file(nowMs: number, withSecrets: boolean): EnteredFile;
  /** Resolves when this replica's own picture has what was put back. */
  restore(file: EnteredImport, nowMs: number): Promise<EnteredAnswer>;
}

type HeldWatcher = EnteredWatcher & { secret: string };

/** Where each kind is kept. A `put` gives the id of the log's entry. */
export interface EnteredNeeds {
  silences: { all(): readonly Silence[]; most: number; put(one: Silence): Promise<string> };
  positions: {
    all(): Readonly<Record<string, Position>>;
    most: number;
    put(id: string, position: Position): Promise<string>;
  };
  watchers: {
    all(): readonly HeldWatcher[];
    most: number;
    put(one: HeldWatcher): Promise<string>;
    /** Why nothing may be sent there; undefined: it may. */
    forbids(url: string): Promise<string | undefined>;
  };
  reached(logId: string): Promise<void>;
}

/** Silences that are over are shown for a day, and then worth nothing to anybody. */
const silenceKeptMs = 24 * 3_600_000;

export function createEnteredDesk(needs: EnteredNeeds): EnteredDesk {
  return {
    file(nowMs, withSecrets) {
      const silences = [...needs.silences.all()].sort((a, b) => a.created_ms - b.created_ms);
      const positions = Object.entries(needs.positions.all());
      const watchers = [...needs.watchers.all()].sort((a, b) => a.created_ms - b.created_ms);
      return {
        netring: 'entered',
        version: enteredVersion,
        exported_ms: nowMs,
        silences,
        positions: positions.map(([id, one]) => ({ id, ...one })),
        watchers: watchers.map(({ secret, ...one }) => (withSecrets ? { ...one, secret } : one)),
      };
    },
    async restore(file, nowMs) {
      const made: EnteredAnswer['secrets'] = [];
      const silences = await restore(file.silences, silenceShelf(needs, nowMs));
      const positions = await restore(file.positions, positionShelf(needs));
      const watchers = await restore(file.watchers, watcherShelf(needs, made));
      const all = { silences, positions, watchers };
      for (const { logId } of Object.values(all)) if (logId !== undefined) await needs.reached(logId);
      return { ...sumOf(all), secrets: made };
    },
  };
}

function sumOf(all: Record<'silences' | 'positions' | 'watchers', Restored>): Omit<EnteredAnswer, 'secrets'> {
  const { silences, positions, watchers } = all;
  const of = (count: 'taken' | 'unchanged') => ({
    silences: silences[count],
    positions: positions[count],
    watchers: watchers[count],
  });
  const refused = Object.entries(all).flatMap(([list, one]) =>
    one.refused.map((each) => ({ list: list as keyof typeof all, ...each })),
  );
  return { taken: of('taken'), unchanged: of('unchanged'), refused };
}

function silenceShelf({ silences }: EnteredNeeds, nowMs: number): Shelf<Silence, Silence> {
  return {
    schema: enteredSilence,
    most: silences.most,
    kept: () => new Map(silences.all().map((one) => [one.id, one])),
    made: (one) =>
      Promise.resolve(
        one.to_ms <= nowMs - silenceKeptMs ? { refused: 'it was over more than a day ago' } : one,
      ),
    put: (_, one) => silences.put(one),
  };
}

function positionShelf({ positions }: EnteredNeeds): Shelf<Position & { id: string }, Position> {
  return {
    schema: enteredPosition,
    most: positions.most,
    kept: () => new Map(Object.entries(positions.all())),
    made: ({ x, y, pinned }) => Promise.resolve({ x, y, ...(pinned !== undefined && { pinned }) }),
    put: (id, one) => positions.put(id, one),
  };
}

/** A watcher that comes without a secret keeps the one it has, or gets one that is told once. */
function watcherShelf(
  { watchers }: EnteredNeeds,
  secrets: EnteredAnswer['secrets'],
): Shelf<EnteredWatcher, HeldWatcher> {
  return {
    schema: enteredWatcher,
    most: watchers.most,
    kept: () => new Map(watchers.all().map((one) => [one.id, one])),
    async made(one, before) {
      const refused = await watchers.forbids(one.url);
      if (refused !== undefined) return { refused: `url: ${refused}` };
      const known = one.secret ?? before?.secret;
      if (known !== undefined) return { ...one, secret: known };
      const secret = randomBytes(32).toString('hex');
      // Told also when the store does not answer: it may have kept it all the same.
      secrets.push({ id: one.id, secret });
      return { ...one, secret };
    },
    put: (_, one) => watchers.put(one),
  };
}
