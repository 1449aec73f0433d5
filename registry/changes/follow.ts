import { setTimeout as sleep } from 'node:timers/promises';
import type { StoreState } from '@netring/contract/overview';
import type { Logger } from '@netring/service/log';
import { compareLogIds, StoreAway, type Store } from '../store/index.ts';
import type { KeptClock } from './clock.ts';
import { noteListening, type Span } from './deaf-spans.ts';
import { createTimekeeper } from './keep-time.ts';
import { changeLog, decodeChange, type ChangeEntry } from './log.ts';

/** A part of the picture: loaded from the tables, then kept current entry by entry. */
export interface Fold {
  /** Replaces everything by what the tables hold. */
  load(store: Store): Promise<void>;
  /** Folds entries of the log, in its order; kinds of others are passed over. May read the store. */
  apply(entries: readonly ChangeEntry[], store: Store): Promise<void> | void;
}

/** Keeps the folds current, through outages and flushes of the store. */
export interface Follower {
  storeState(): StoreState;
  deafSpans(): readonly Span[];
  /** The last entry folded. */
  logId(): string;
  /** Whether the picture is whole and the store answers. */
  ready(): boolean;
  /** Whether there is a picture at all: before, nobody may be told that nobody is there. */
  everLoaded(): boolean;
  /** Resolves when entry `id` is folded, or after `limitMs`. */
  reached(id: string, limitMs: number): Promise<void>;
  stop(): Promise<void>;
}

const beatMs = 1_000;
const retryMs = 500;

/** Begins to follow; the picture is there once `ready()`. `onChange` is called after every fold and change of state. */
export function follow(
  store: Store,
  clock: KeptClock,
  folds: readonly Fold[],
  log: Logger,
  onChange: () => void,
): Follower {
  const stopping = new AbortController();
  let state: StoreState = { state: 'away', since_ms: Date.now(), reason: 'not asked yet' };
  let generation: string | undefined;
  let load: 'never' | 'under way' | 'whole' = 'never';
  let lastId = '0-0';
  let spans: Span[] = [];
  let round = new AbortController();
  const keepTime = createTimekeeper(store, clock, log);
  const waiting = new Set<() => void>();

  const running = Promise.all([beat(), tail()]);
  return {
    storeState: () => state,
    deafSpans: () => spans,
    logId: () => lastId,
    ready: () => load === 'whole' && state.state === 'ok',
    everLoaded: () => load !== 'never',
    reached,
    async stop() {
      stopping.abort();
      round.abort();
      await running;
    },
  };

  function setState(next: 'ok' | 'away', reason?: string): void {
    if (state.state === next) return;
    state = { state: next, since_ms: clock.nowMs(), ...(reason === undefined ? {} : { reason }) };
    if (next === 'away') log.warn({ reason }, 'the store is away; the picture stands still');
    else log.info('the store answers');
    onChange();
  }

  /** Once a second: reads the store's clock, notes that somebody listens, notices a flush. */
  async function beat(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await keepTime();
        const found = await store.generation();
        if (generation !== undefined && found !== generation) {
          log.warn('the store was emptied; members will register again');
          round.abort();
        }
        generation = found;
        spans = await noteListening(store, clock.nowMs());
        setState('ok');
      } catch (error) {
        setState('away', reasonOf(error));
      }
      await pause(beatMs);
    }
  }

  /** Loads, then tails; starts over when the store was away or emptied. */
  async function tail(): Promise<void> {
    while (!stopping.signal.aborted) {
      round = new AbortController();
      try {
        // The place in the log is taken first: what happens while the tables are read is folded twice, which is harmless.
        const from = await store.log.lastId(changeLog);
        if (load === 'whole') load = 'under way';
        for (const fold of folds) await fold.load(store);
        lastId = from;
        load = 'whole';
        wake();
        onChange();
        await tailFrom(from, AbortSignal.any([round.signal, stopping.signal]));
      } catch (error) {
        if (error instanceof StoreAway) setState('away', reasonOf(error));
        else {
          // A fault of our own is not the store's: the picture is loaded anew, and nobody is ready meanwhile.
          log.error({ reason: reasonOf(error) }, 'what changed could not be understood; all is read anew');
          if (load === 'whole') load = 'under way';
        }
        await pause(retryMs);
      }
    }
  }

  async function tailFrom(from: string, signal: AbortSignal): Promise<void> {
    let work = Promise.resolve();
    let failed: unknown;
    const failing = new AbortController();
    await store.log.tail(
      changeLog,
      from,
      (entries) => {
        work = work.then(async () => {
          const changes = entries.map(decodeChange);
          for (const fold of folds) await fold.apply(changes, store);
          lastId = entries.at(-1)?.id ?? lastId;
          wake();
          onChange();
        });
        work.catch((error: unknown) => {
          failed = error;
          failing.abort();
        });
      },
      AbortSignal.any([signal, failing.signal]),
    );
    if (failed !== undefined)
      throw failed instanceof Error ? failed : new Error('a change could not be folded');
    await work;
  }

  function wake(): void {
    for (const one of waiting) one();
  }

  function reached(id: string, limitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const check = () => {
        if (compareLogIds(lastId, id) < 0) return;
        done();
      };
      const done = () => {
        clearTimeout(limit);
        waiting.delete(check);
        resolve();
      };
      const limit = setTimeout(done, limitMs);
      waiting.add(check);
      check();
    });
  }

  async function pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: stopping.signal }).catch(() => undefined);
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
