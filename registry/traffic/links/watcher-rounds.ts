import { randomUUID } from 'node:crypto';
import type { LinkSample, Watcher } from '@netring/contract/link';
import { ForbiddenAddress } from './deliver.ts';
import type { LinkFilter } from './link-view.ts';

/** A watcher as it is kept: with the secret that signs its samples. */
export interface HeldWatcher extends Omit<Watcher, 'delivery'> {
  secret: string;
}

export interface RoundNeeds {
  watchers(): readonly HeldWatcher[];
  sample(nowMs: number, filter: LinkFilter, mostLinks: number): LinkSample;
  /** Throws when it was not delivered. */
  send(watcher: HeldWatcher, sample: { id: string; body: string }, nowMs: number): Promise<void>;
}

/** Sends samples to watchers; only the leader calls it. */
export interface WatcherRounds {
  /** Begins what is due, and does not wait for it. */
  look(nowMs: number): void;
  deliveryOf(id: string): Watcher['delivery'];
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
}

const mostAtOnce = 8;
const mostLinks = 500;
/** A body is at most so long; with 50 watchers that wait for a second try 13 MB. */
const mostBytes = 256 * 1024;
/** The same sample is tried so often; then there is a newer one. */
const mostTries = 5;
const backoffMs = { first: 1_000, most: 300_000 };

interface State {
  nextMs: number;
  /** Failures in a row. */
  failures: number;
  pending: { id: string; body: string; tries: number } | undefined;
  underWay: Promise<void> | undefined;
  delivery: NonNullable<Watcher['delivery']>;
}

export function createWatcherRounds(needs: RoundNeeds): WatcherRounds {
  const states = new Map<string, State>();
  return {
    look(nowMs) {
      const present = new Set(needs.watchers().map(({ id }) => id));
      for (const id of states.keys()) if (!present.has(id)) states.delete(id);
      for (const watcher of needs.watchers()) {
        const state = stateOf(watcher.id);
        const busy = [...states.values()].filter(({ underWay }) => underWay !== undefined).length;
        if (busy >= mostAtOnce) return;
        if (state.underWay === undefined && nowMs >= state.nextMs)
          state.underWay = begin(watcher, state, nowMs);
      }
    },
    deliveryOf: (id) => states.get(id)?.delivery,
    async idle() {
      await Promise.all([...states.values()].flatMap(({ underWay }) => underWay ?? []));
    },
  };

  function stateOf(id: string): State {
    let state = states.get(id);
    if (state === undefined) {
      state = {
        nextMs: -Infinity,
        failures: 0,
        pending: undefined,
        underWay: undefined,
        delivery: { delivered: 0, failed: 0 },
      };
      states.set(id, state);
    }
    return state;
  }

  async function begin(watcher: HeldWatcher, state: State, nowMs: number): Promise<void> {
    const pending = (state.pending ??= { ...sampleFor(watcher, nowMs), tries: 0 });
    try {
      await needs.send(watcher, pending, nowMs);
      state.delivery = { ...state.delivery, delivered: state.delivery.delivered + 1, last_ms: nowMs };
      delete state.delivery.error;
      state.pending = undefined;
      state.failures = 0;
      state.nextMs = nowMs + watcher.interval_s * 1000;
    } catch (error) {
      noteFailure(state, error as Error, watcher.interval_s * 1000, nowMs);
    } finally {
      state.underWay = undefined;
    }
  }

  function noteFailure(state: State, error: Error, intervalMs: number, nowMs: number): void {
    state.failures++;
    state.delivery = { ...state.delivery, failed: state.delivery.failed + 1, error: error.message };
    const tries = (state.pending?.tries ?? 0) + 1;
    // What the policy forbids it forbids for long.
    const isLast = tries >= mostTries || error instanceof ForbiddenAddress;
    const waitMs = Math.min(backoffMs.most, backoffMs.first * 2 ** Math.min(20, state.failures - 1));
    if (isLast) state.pending = undefined;
    else if (state.pending !== undefined) state.pending.tries = tries;
    state.nextMs = nowMs + (isLast ? Math.max(intervalMs, waitMs) : waitMs);
  }

  function sampleFor(watcher: HeldWatcher, nowMs: number): { id: string; body: string } {
    const { links, nodes, metrics } = watcher;
    for (let most = mostLinks; ; most = Math.floor(most / 2)) {
      const body = JSON.stringify(needs.sample(nowMs, { links, nodes, metrics }, most));
      if (Buffer.byteLength(body) <= mostBytes || most === 0) return { id: randomUUID(), body };
    }
  }
}
