import { severities, type Alert, type AlertsAnswer, type Incident } from '@netring/contract/alert';
import type { Notification } from '@netring/contract/notification';
import { standingOf, type Account, type DeliveryState } from './account.ts';
import { attempt, type Attempt } from './attempt.ts';
import { waitAfter } from './backoff.ts';
import { compose, namesFiring } from './compose.ts';
import { dueOf, type Reason } from './due.ts';
import { note, noteHealth, owe } from './notes.ts';
import type { Encoded, Receiver } from './receiver.ts';

/** One notification that is due. */
export interface Item {
  account: Account;
  reason: Reason;
  facts: string;
  notification: () => Notification;
  /** Names of all its alerts that fire, silenced or not. */
  firing: () => ReadonlySet<string>;
}

/** The picture of one moment that notifications are made of. */
export interface Scene {
  answer: AlertsAnswer;
  incidents: ReadonlyMap<string, Incident>;
  alerts: ReadonlyMap<string, Alert>;
  publicUrl: string | undefined;
}

export function sceneOf(answer: AlertsAnswer, publicUrl: string | undefined): Scene {
  return {
    answer,
    incidents: new Map(answer.incidents.map((one) => [one.id, one])),
    alerts: new Map(answer.alerts.map((one) => [one.id, one])),
    publicUrl,
  };
}

/** What a receiver is owed at this moment, the worst first. */
export function itemsOf(receiver: Receiver, state: DeliveryState, scene: Scene): Item[] {
  const { answer, incidents, alerts, publicUrl } = scene;
  const items = Object.values(state.accounts).flatMap((account): Item[] => {
    const progress = account.progress[receiver.id];
    const standing = standingOf(account, incidents.get(account.last.id), alerts, receiver.policy);
    const due = dueOf(progress, standing, receiver.policy);
    if (due === undefined || due.atMs > answer.now_ms) return [];
    const facts = standing.state === 'gone' ? (progress?.facts ?? '') : standing.facts;
    const { reason } = due;
    const make = () => compose({ account, answer, alerts, reason, progress, facts, publicUrl });
    const firing = () => namesFiring(incidents.get(account.last.id), alerts);
    return [{ account, reason, facts, notification: make, firing }];
  });
  return items.sort(mostUrgentFirst);
}

/** News before what is repeated, then by severity, then the oldest. */
function mostUrgentFirst(a: Item, b: Item): number {
  const rank = ({ reason, account }: Item) =>
    (reason === 'repeated' ? severities.length : 0) + severities.indexOf(account.last.severity);
  return rank(a) - rank(b) || a.account.last.started_ms - b.account.last.started_ms;
}

/** What is remembered of a receiver between looks; nothing that a restart must know. */
interface Memory {
  underWay: Promise<void> | undefined;
  /** It was away: nothing is sent before. */
  restUntilMs: number;
  /** What it refused, by incident: not sent again before, and how often it was. */
  refused: Map<string, { untilMs: number; times: number }>;
}

export interface RoundNeeds {
  receivers: readonly Receiver[];
  random: () => number;
  /** Ends the wait for answers. */
  stopping: AbortSignal;
  /** Called with every try that has ended, after what it changed is in the state. */
  ended(receiver: Receiver, item: Item, key: string, attempt: Attempt): void;
  /** Called when an item could not even be tried. */
  broke(receiver: Receiver, item: Item, error: unknown): void;
}

/** Sends what is due: one thing at a time to a receiver, and none waits for another. */
export interface Rounds {
  /**
   * Begins what is due, and does not wait for it. `state` is changed as answers come; what comes back says whether it was
   * changed at once.
   */
  look(state: () => DeliveryState, scene: Scene): boolean;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
}

export function createRounds(needs: RoundNeeds): Rounds {
  const { receivers } = needs;
  const memories = new Map<string, Memory>();
  return {
    look(state, scene) {
      let changed = false;
      for (const receiver of receivers) {
        const memory = memoryOf(receiver.id);
        if (memory.underWay !== undefined) continue;
        const items = itemsOf(receiver, state(), scene);
        forget(memory, items);
        const nowMs = scene.answer.now_ms;
        const next = items.find(
          ({ account }) => (memory.refused.get(account.last.id)?.untilMs ?? 0) <= nowMs,
        );
        if (nowMs < memory.restUntilMs) {
          for (const item of items) changed = owe(state(), receiver, item) || changed;
        } else if (next !== undefined) {
          const group = together(receiver, memory, next, items);
          memory.underWay = send(receiver, group, state, nowMs)
            .catch((error: unknown) => breakOff(receiver, group, nowMs, error))
            .finally(() => (memory.underWay = undefined));
        }
      }
      return changed;
    },
    async idle() {
      await Promise.all([...memories.values()].flatMap(({ underWay }) => underWay ?? []));
    },
  };

  function memoryOf(id: string): Memory {
    const known = memories.get(id);
    if (known !== undefined) return known;
    const fresh = { underWay: undefined, restUntilMs: 0, refused: new Map() };
    memories.set(id, fresh);
    return fresh;
  }

  async function send(
    receiver: Receiver,
    items: readonly Item[],
    state: () => DeliveryState,
    nowMs: number,
  ): Promise<void> {
    const all = items.map((item) => encodedFor(receiver, item));
    const [first] = all;
    if (first === undefined) return;
    const bodies = all.map(({ encoded }) => encoded.body);
    const body = all.length > 1 && receiver.joined ? receiver.joined(bodies) : first.encoded.body;
    const result = await attempt(receiver, { ...first.encoded, body }, needs.stopping);
    noteHealth(state(), receiver, result, nowMs);
    for (const { item, key, encoded } of all) {
      note(state(), receiver, item, { result, encoded, nowMs });
      rest(memoryOf(receiver.id), state(), receiver, item, { result, nowMs });
      needs.ended(receiver, item, key, result);
    }
  }

  function rest(
    memory: Memory,
    { receivers: health }: DeliveryState,
    { id }: Receiver,
    { account }: Item,
    { result, nowMs }: { result: Attempt; nowMs: number },
  ): void {
    if (result.outcome === 'delivered') {
      memory.restUntilMs = 0;
      memory.refused.delete(account.last.id);
    } else if (result.outcome === 'away') {
      const failures = health[id]?.failures ?? 1;
      memory.restUntilMs = nowMs + waitAfter(failures, needs.random(), result.retryAfterMs);
    } else {
      refuse(memory, account, nowMs);
    }
  }

  function refuse({ refused }: Memory, { last: { id } }: Account, nowMs: number): void {
    const times = (refused.get(id)?.times ?? 0) + 1;
    refused.set(id, { untilMs: nowMs + waitAfter(times, needs.random()), times });
  }

  /** A fault of ours with one incident keeps nobody from hearing of the others. */
  function breakOff(receiver: Receiver, items: readonly Item[], nowMs: number, error: unknown): void {
    for (const item of items) {
      refuse(memoryOf(receiver.id), item.account, nowMs);
      needs.broke(receiver, item, error);
    }
  }
}

/** Of what only goes on, to be sent at once: some hundred kilobytes. */
const mostTogether = 200;

/**
 * What is sent with `next`: to who forgets what is not repeated, everything else that goes on, or with many incidents one
 * would end before its turn. What was refused goes by itself: it may be what the others were refused for.
 */
function together(
  { joined }: Receiver,
  { refused }: Memory,
  next: Item,
  items: readonly Item[],
): readonly Item[] {
  const canJoin = ({ reason, account }: Item) => reason === 'repeated' && !refused.has(account.last.id);
  if (joined === undefined || !canJoin(next)) return [next];
  return items.filter(canJoin).slice(0, mostTogether);
}

function encodedFor(receiver: Receiver, item: Item): { item: Item; key: string; encoded: Encoded } {
  const known = item.account.progress[receiver.id]?.parts ?? [];
  const notification = item.notification();
  return { item, key: notification.key, encoded: receiver.encode(notification, known, item.firing()) };
}

/** What is due no more was not refused. */
function forget({ refused }: Memory, items: readonly Item[]): void {
  if (refused.size === 0) return;
  const due = new Set(items.map(({ account }) => account.last.id));
  for (const id of refused.keys()) if (!due.has(id)) refused.delete(id);
}
