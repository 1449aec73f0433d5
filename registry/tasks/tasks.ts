import { randomUUID } from 'node:crypto';
import type { Task } from '@netring/contract/task';
import { appended, type ChangeEntry, type Fold, type StoreClock } from '../changes/index.ts';
import type { Store } from '../store/index.ts';

/** What a member was asked to do. */
export interface TaskRecord {
  id: string;
  /** The member that is to do it. */
  member: string;
  kind: Task['kind'];
  target: string;
  /** Nobody waits for it after this moment of the store's clock. */
  untilMs: number;
}

/** Entries of the change log that are this room's. */
type TaskChange = { kind: 'task'; task: TaskRecord } | { kind: 'task done'; id: string };

/**
 * What the registry asks members to do. A task goes with every answer to its member until it is done or its time is
 * over, since an answer may get lost; the member does each once. All replicas know all tasks: whichever a member
 * speaks to passes them on.
 */
export interface Tasks extends Fold {
  /**
   * Asks a member; the task that it has already, when there is one for the same target. `undefined`: the member has too
   * many.
   */
  ask(want: Omit<TaskRecord, 'id' | 'untilMs'>, forMs: number): Promise<TaskRecord | undefined>;
  /** What goes with an answer to this member. */
  pendingFor(member: string): Task[];
  get(id: string): TaskRecord | undefined;
  done(ids: readonly string[]): Promise<void>;
}

const group = 'tasks';
/** A member that is asked for more does not get to its own probes. */
const mostPerMember = 64;
/** Tasks that are over are known for so long, to tell that they expired. */
const rememberedMs = 10 * 60_000;

export function createTasks(store: Store, clock: StoreClock): Tasks {
  let tasks = new Map<string, TaskRecord>();

  const isPending = (task: TaskRecord) => task.untilMs > clock.nowMs();
  const pendingOf = (member: string) =>
    [...tasks.values()].filter((task) => task.member === member && isPending(task));
  const forgetOld = () => {
    const oldMs = clock.nowMs() - rememberedMs;
    for (const [id, task] of tasks) if (task.untilMs < oldMs) tasks.delete(id);
  };
  const apply = (entry: ChangeEntry) => {
    const change = entry as TaskChange;
    if (change.kind === 'task') tasks.set(change.task.id, change.task);
    if (change.kind === 'task done') tasks.delete(change.id);
  };

  return {
    async load(from) {
      const stored = await from.table.list(group);
      const loaded = [...stored.values()].map((value) => JSON.parse(value.toString()) as TaskRecord);
      tasks = new Map(loaded.map((task) => [task.id, task]));
      forgetOld();
    },
    apply(entries) {
      entries.forEach(apply);
    },
    async ask(want, forMs) {
      forgetOld();
      const pending = pendingOf(want.member);
      const same = pending.find(({ kind, target }) => kind === want.kind && target === want.target);
      if (same !== undefined) return same;
      if (pending.length >= mostPerMember) return undefined;
      const task: TaskRecord = { ...want, id: randomUUID(), untilMs: Math.round(clock.nowMs() + forMs) };
      const change: TaskChange = { kind: 'task', task };
      const value = JSON.stringify(task);
      await store.commit({
        put: [{ group, key: task.id, value, ttlMs: forMs + rememberedMs }],
        append: appended(change),
      });
      // At once here too: its member may be just asking.
      apply(change);
      return task;
    },
    pendingFor(member) {
      if (tasks.size === 0) return [];
      const nowMs = clock.nowMs();
      return pendingOf(member).map(({ id, kind, target, untilMs }) => ({
        id,
        kind,
        target,
        deadline_ms: Math.round(untilMs - nowMs),
      }));
    },
    get: (id) => tasks.get(id),
    async done(ids) {
      for (const id of ids) {
        if (!tasks.has(id)) continue;
        const change: TaskChange = { kind: 'task done', id };
        await store.commit({ remove: [{ group, key: id }], append: appended(change) });
        apply(change);
      }
    },
  };
}
