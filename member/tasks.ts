import type { Task } from '@netring/contract/task';

/** Does one task. It is told by when nobody waits for it any more, on the member's clock. */
export type TaskHandler = (task: Task, untilMs: number) => void;

/** Passes on what the registry asks for: each task once, however often it comes, and none after its time. */
export interface TaskDesk {
  take(tasks: readonly Task[]): void;
}

/** No registry makes a member remember more; of one that sends more, the oldest could be done twice. */
const remembered = 256;

/** @param handlers by kind of task; a kind that nobody handles is passed over */
export function createTaskDesk(
  handlers: Partial<Record<Task['kind'], TaskHandler>>,
  now: () => number,
): TaskDesk {
  const seen = new Set<string>();
  return {
    take(tasks) {
      for (const task of tasks) {
        if (seen.has(task.id) || task.deadline_ms <= 0) continue;
        seen.add(task.id);
        if (seen.size > remembered) seen.delete(seen.values().next().value as string);
        handlers[task.kind]?.(task, now() + task.deadline_ms);
      }
    },
  };
}
