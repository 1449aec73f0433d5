import { randomBytes } from 'node:crypto';
import type { LeaseAnswer } from '@netring/contract/lease';
import { appended, type ChangeEntry, type Fold } from '../changes/index.ts';
import type { Store } from '../store/index.ts';
import type { Asking, Desk } from './desk.ts';
import type { Granter } from './granter.ts';

/** Questions and answers travel over the change log, so that any replica may be asked and the leader alone answers. */
type LeaseChange =
  | ({ kind: 'lease_asked' } & Asking)
  | { kind: 'lease_answered'; id: string; answer: LeaseAnswer }
  | { kind: 'lease_ended'; id: string };

/** What the store keeps of a lease, to give it back. */
interface Held {
  source: string;
  names: string[];
}

/** `POST /leases` and `DELETE /leases/{id}`, on every replica. */
export interface Leases extends Fold {
  ask(member: string, intervalMs: number): Promise<LeaseAnswer>;
  /** Whose lease it is; `undefined` when there is none of that name. */
  sourceOf(id: string): Promise<string | undefined>;
  end(id: string): Promise<void>;
  /** The leader's duty: answers what was asked. */
  work(term: number): Promise<void>;
}

/** A leader looks four times a second; one that has gone is replaced within ten. */
const answeredWithinMs = 4_000;
const askAgainMs = 10_000;
const group = 'leases';
/** Longer than any lease can be held. */
const keptMs = 120_000;
/** One a member waits; beyond it they ask again. */
const mostWaiting = 10_000;

export function createLeases(store: Store, granter: Granter, desk: Desk): Leases {
  const waiting = new Map<string, (answer: LeaseAnswer) => void>();
  /** By member: who asks again has given up its question before. */
  const asked = new Map<string, Asking & { untilMs: number }>();

  const note = (change: LeaseChange) => store.commit({ append: appended(change) });
  async function end(id: string): Promise<void> {
    const held = await heldBy(id);
    if (held === undefined) return;
    await store.lease.release(held.names, id);
    await store.commit({
      remove: [{ group, key: id }],
      append: appended<LeaseChange>({ kind: 'lease_ended', id }),
    });
  }
  async function heldBy(id: string): Promise<Held | undefined> {
    const value = await store.table.get(group, id);
    return value && (JSON.parse(value.toString()) as Held);
  }

  function applyOne(change: LeaseChange): void {
    switch (change.kind) {
      case 'lease_asked':
        if (asked.size < mostWaiting)
          asked.set(change.member, { ...change, untilMs: performance.now() + answeredWithinMs });
        return;
      case 'lease_answered': {
        for (const [member, { id }] of asked) if (id === change.id) asked.delete(member);
        waiting.get(change.id)?.(change.answer);
        return;
      }
      case 'lease_ended':
        return granter.ended(change.id);
    }
  }

  async function answerOne(asking: Asking): Promise<void> {
    const { answer, names } = await desk.answer(asking);
    const { id, member } = asking;
    const held: Held = { source: member, names };
    const put = names.length === 0 ? [] : [{ group, key: id, value: JSON.stringify(held), ttlMs: keptMs }];
    await store.commit({ put, append: appended<LeaseChange>({ kind: 'lease_answered', id, answer }) });
  }

  return {
    load: () => Promise.resolve(),
    apply(entries: readonly ChangeEntry[]) {
      for (const entry of entries) applyOne(entry as LeaseChange);
    },
    async ask(member, intervalMs) {
      const id = randomBytes(12).toString('hex');
      const answered = new Promise<LeaseAnswer>((resolve) => waiting.set(id, resolve));
      const late: LeaseAnswer = {
        status: 'later',
        ask_again_ms: askAgainMs,
        reason: 'no leader answers just now',
      };
      let timer: NodeJS.Timeout | undefined;
      try {
        await note({ kind: 'lease_asked', id, member, intervalMs });
        const tooLate = new Promise<LeaseAnswer>((resolve) => {
          timer = setTimeout(() => resolve(late), answeredWithinMs);
        });
        return await Promise.race([answered, tooLate]);
      } finally {
        clearTimeout(timer);
        waiting.delete(id);
      }
    },
    sourceOf: async (id) => (await heldBy(id))?.source,
    end,
    async work(term) {
      const stillMs = await granter.lead(term);
      for (const [member, asking] of [...asked]) {
        if (asking.untilMs < performance.now()) {
          asked.delete(member);
          continue;
        }
        asked.delete(member);
        if (stillMs === 0) await answerOne(asking);
        else {
          const reason = 'a new leader grants nothing until leases that it may not know of are over';
          const answer: LeaseAnswer = { status: 'later', ask_again_ms: Math.ceil(stillMs), reason };
          await note({ kind: 'lease_answered', id: asking.id, answer });
        }
      }
    },
  };
}
