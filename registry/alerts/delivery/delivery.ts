import type { AlertsAnswer } from '@netring/contract/alert';
import type { Logger } from '@netring/service/log';
import type { Follower, StoreClock } from '../../changes/index.ts';
import { StoreAway, type Store } from '../../store/index.ts';
import type { AlertBoard } from '../board.ts';
import { keepAccounts, nothingTold, type DeliveryState } from './account.ts';
import type { Attempt } from './attempt.ts';
import { createDeliveryBook, type DeliveryBook } from './book.ts';
import { createDeliveryDesk, type DeliveryDesk } from './desk.ts';
import { receiversOf, type Receiver } from './receiver.ts';
import { createRounds, sceneOf, type Item } from './rounds.ts';
import type { DeliveryConfig } from './settings.ts';

/** How often something was tried, for metrics. */
export interface DeliveryCount {
  receiver: string;
  outcome: 'delivered' | 'failed' | 'given_up';
  count: number;
}

/** Brings incidents to those who are to know of them. */
export interface Delivery extends DeliveryDesk {
  /** To be followed. */
  book: DeliveryBook;
  /** The leader's duty, for the term `fence`: begins what is due. */
  look(fence: number): Promise<void>;
  /** Since this process started. */
  counts(): DeliveryCount[];
  /** Begins nothing more, and waits for what is under way. */
  stop(): Promise<void>;
}

export interface DeliveryNeeds {
  store: Store;
  board: AlertBoard;
  clock: StoreClock;
  follower: () => Follower;
  config: DeliveryConfig;
  log: Logger;
}

/** What is under way may take so long to end: within what a service has for its stop. */
const stopLimitMs = 3_000;
/** Who has not answered by then is told again by the next: there is time left to write that down. */
const answerLimitMs = 2_500;

export function createDelivery(needs: DeliveryNeeds): Delivery {
  const { store, board, clock, follower, config, log } = needs;
  const { publicUrl } = config;
  const receivers = receiversOf(config);
  const policies = new Map(receivers.map(({ id, policy }) => [id, policy]));
  const book = createDeliveryBook();
  const tally = createTally(receivers);
  const answer = (): AlertsAnswer => board.answer(clock.nowMs());
  let term: number | undefined;
  let state: DeliveryState = nothingTold;
  let losses = 0;
  const stopping = new AbortController();
  let stopped = false;
  let isFull = false;
  /** The store does not have all of it yet. */
  let unwritten = false;
  /** Writes go one after the other; one that waits for its turn takes everything with it. */
  let writing: Promise<void> = Promise.resolve();
  let waiting: Promise<void> | undefined;

  const rounds = createRounds({
    receivers,
    random: Math.random,
    stopping: stopping.signal,
    ended(receiver, item, key, attempt) {
      tally.add(receiver.id, attempt.outcome === 'delivered' ? 'delivered' : 'failed');
      tell(log, receiver, { item, key, attempt, failures: state.receivers[receiver.id]?.failures ?? 0 });
      // What is told again every minute may wait for the next look, with all others of its kind.
      if (receiver.policy.isState && item.reason === 'repeated') unwritten = true;
      else void write().catch((error: unknown) => whyUnwritten(log, error));
    },
    broke({ id }, { account, reason }, error) {
      tally.add(id, 'failed');
      // Only the kind: the words of such an error may hold the address.
      const kind = error instanceof Error ? error.name : 'unknown error';
      log.error(
        { receiver: id, incident: account.last.id, reason, error: kind },
        'a notification cannot be made',
      );
    },
  });

  return {
    book,
    ...createDeliveryDesk({ receivers, state: () => book.state(), answer, clock, publicUrl, log }),
    counts: () => tally.all(),
    async look(fence) {
      if (stopped || receivers.length === 0 || !follower().ready()) return;
      if (fence !== term) await begin(fence);
      if (book.losses() !== losses) {
        losses = book.losses();
        unwritten = true;
      }
      if (isIdle()) return;
      const now = answer();
      const kept = keepAccounts(state, now, policies);
      state = kept.state;
      for (const id of kept.givenUp) tally.add(id, 'given_up');
      if (kept.untold > 0 && !isFull)
        log.warn({ untold: kept.untold }, 'too many incidents at once: these are told to nobody');
      isFull = kept.untold > 0;
      // What is to be told is put down first: a restart in the middle goes on from there.
      if (kept.changed || unwritten) await write();
      if (term === undefined || stopped) return;
      if (rounds.look(() => state, sceneOf(now, publicUrl))) unwritten = true;
    },
    async stop() {
      stopped = true;
      const cut = setTimeout(() => stopping.abort(), answerLimitMs).unref();
      const limit = new Promise<void>((resolve) => setTimeout(resolve, stopLimitMs).unref());
      await Promise.race([rounds.idle().then(() => writing), limit]);
      clearTimeout(cut);
    },
  };

  function isIdle(): boolean {
    const { incidents } = board.state();
    return incidents.length === 0 && Object.keys(state.accounts).length === 0 && !unwritten;
  }

  /** A term goes on from what the one before has put down, not from what has been heard of it. */
  async function begin(fence: number): Promise<void> {
    await book.load(store);
    state = book.state();
    losses = book.losses();
    unwritten = losses > 0;
    term = fence;
  }

  function write(): Promise<void> {
    if (waiting !== undefined) return waiting;
    const next = (waiting = writing.then(writeNow));
    writing = next.catch(() => undefined);
    return next;
  }

  async function writeNow(): Promise<void> {
    waiting = undefined;
    if (term === undefined) return;
    unwritten = false;
    try {
      // Refused: somebody else leads by now.
      if (!(await book.write(store, state, term))) term = undefined;
    } catch (error) {
      unwritten = true;
      throw error;
    }
  }
}

/** A store that is away is told of elsewhere; the next look tries again. */
function whyUnwritten(log: Logger, error: unknown): void {
  const level = error instanceof StoreAway ? 'debug' : 'error';
  log[level]({ reason: String(error) }, 'what was told is not written down yet');
}

function createTally(receivers: readonly Receiver[]) {
  const outcomes = ['delivered', 'failed', 'given_up'] as const;
  const counts = new Map(receivers.map(({ id }) => [id, { delivered: 0, failed: 0, given_up: 0 }]));
  return {
    add(receiver: string, outcome: DeliveryCount['outcome']) {
      const one = counts.get(receiver);
      if (one !== undefined) one[outcome]++;
    },
    all: (): DeliveryCount[] =>
      [...counts].flatMap(([receiver, one]) =>
        outcomes.map((outcome) => ({ receiver, outcome, count: one[outcome] })),
      ),
  };
}

/** What arrives is told; of what goes on failing the beginning, and then every tenth time. */
function tell(
  log: Logger,
  { id, kind }: Receiver,
  { item, key, attempt, failures }: { item: Item; key: string; attempt: Attempt; failures: number },
): void {
  const about = { receiver: id, incident: item.account.last.id, reason: item.reason, key };
  if (attempt.outcome !== 'delivered') {
    const level = failures % 10 === 1 ? 'warn' : 'debug';
    log[level](
      { ...about, error: attempt.error, failures },
      'a notification did not arrive; it is tried again',
    );
    return;
  }
  // Alertmanager is told again every minute.
  const level = kind === 'alertmanager' && item.reason === 'repeated' ? 'debug' : 'info';
  log[level](about, 'a notification was delivered');
}
