import { heartbeatAnswer } from '@netring/contract/member';
import { planAnswer, type PlanVersion } from '@netring/contract/plan-answer';
import type { Task } from '@netring/contract/task';
import { backoffMs } from './backoff.ts';
import type { Membership } from './membership.ts';
import { repeating, type Repeating } from './repeating.ts';
import type { Schedule } from './schedule/index.ts';

const backoff = { firstMs: 1000, longestMs: 15_000 };

/** Tells the registry again and again that this member lives. */
export function startHeartbeats(needs: {
  instanceId: string;
  intervalMs: number;
  membership: Membership;
  /** The registry was heard. */
  onHeard: (plan: PlanVersion, tasks: readonly Task[]) => void;
}): Repeating {
  let failures = 0;
  return repeating(needs.intervalMs * Math.random(), async () => {
    const body = { instance_id: needs.instanceId };
    const reply = await needs.membership.call({ method: 'POST', path: '/heartbeat', body });
    const answer = reply.kind === 'answered' ? heartbeatAnswer.safeParse(reply.body) : undefined;
    if (answer?.success !== true) {
      return Math.min(needs.intervalMs, backoffMs(++failures, backoff, Math.random()));
    }
    failures = 0;
    needs.onHeard(answer.data.plan, answer.data.tasks ?? []);
    return needs.intervalMs;
  });
}

/** Keeps the member list of `schedule` current. */
export function startPolling(needs: {
  intervalMs: number;
  membership: Membership;
  schedule: Schedule;
}): Repeating {
  const { intervalMs, membership, schedule } = needs;
  let failures = 0;
  return repeating(intervalMs, async () => {
    const known = schedule.version();
    const query = known === undefined ? '' : `&version=${encodeURIComponent(known)}`;
    const reply = await membership.call({ method: 'GET', path: `/members?view=plan${query}` });
    const answer =
      reply.kind === 'answered' && reply.status === 200 ? planAnswer.safeParse(reply.body) : undefined;
    if (answer?.success === true) schedule.received(answer.data);
    else if (reply.kind === 'answered' && reply.status === 304) schedule.confirmed();
    else return Math.min(intervalMs, backoffMs(++failures, backoff, Math.random()));
    failures = 0;
    return intervalMs;
  });
}
