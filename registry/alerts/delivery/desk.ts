import { randomBytes } from 'node:crypto';
import type { AlertsAnswer } from '@netring/contract/alert';
import type { Notification } from '@netring/contract/notification';
import type { ReceiverView, TestOutcome } from '@netring/contract/receiver';
import type { Logger } from '@netring/service/log';
import type { StoreClock } from '../../changes/index.ts';
import type { DeliveryState } from './account.ts';
import { attempt } from './attempt.ts';
import { alertsPage } from './compose.ts';
import type { Receiver } from './receiver.ts';
import { itemsOf, sceneOf } from './rounds.ts';

/** What people ask of delivery; every replica answers. */
export interface DeliveryDesk {
  receivers(): ReceiverView[];
  /** Sends a test to every receiver, once each; `busy` while another is under way. */
  test(): Promise<TestOutcome[] | 'busy'>;
}

export interface DeskNeeds {
  receivers: readonly Receiver[];
  state: () => DeliveryState;
  answer: () => AlertsAnswer;
  clock: StoreClock;
  publicUrl: string | undefined;
  log: Logger;
}

export function createDeliveryDesk(needs: DeskNeeds): DeliveryDesk {
  const { receivers, clock, log, publicUrl } = needs;
  let testing = false;
  return {
    receivers() {
      if (receivers.length === 0) return [];
      const state = needs.state();
      const scene = sceneOf(needs.answer(), publicUrl);
      return receivers.map((one) => viewOf(one, state, itemsOf(one, state, scene).length));
    },
    async test() {
      if (testing) return 'busy';
      testing = true;
      try {
        return await Promise.all(receivers.map(tryOne));
      } finally {
        testing = false;
      }
    },
  };

  async function tryOne(receiver: Receiver): Promise<TestOutcome> {
    const { id, kind, address } = receiver;
    const beganMs = performance.now();
    const result = await attempt(receiver, receiver.encode(testOf(clock.nowMs(), publicUrl), [], new Set()));
    log.info({ receiver: id, ...result }, 'a test was sent');
    const took_ms = Math.round(performance.now() - beganMs);
    const about = { receiver: id, kind, address, took_ms };
    if (result.outcome === 'delivered') return { ...about, outcome: 'delivered' };
    return { ...about, outcome: 'failed', error: result.error };
  }
}

function viewOf(
  { id, kind, address }: Receiver,
  { receivers }: DeliveryState,
  pending: number,
): ReceiverView {
  const { failures = 0, error, lastSuccessMs, lastFailureMs } = receivers[id] ?? {};
  return {
    receiver: id,
    kind,
    address,
    pending,
    failures,
    ...(lastSuccessMs === undefined ? {} : { last_success_ms: Math.round(lastSuccessMs) }),
    ...(lastFailureMs === undefined ? {} : { last_failure_ms: Math.round(lastFailureMs) }),
    ...(error === undefined ? {} : { error }),
  };
}

/** What nobody can take for an alarm. */
export function testOf(nowMs: number, publicUrl: string | undefined): Notification {
  const id = `test-${randomBytes(4).toString('hex')}`;
  return {
    version: 1,
    key: `${id}:test`,
    state: 'test',
    reason: 'test',
    at_ms: Math.round(nowMs),
    summary: 'a test of notifications from Netring: nothing is wrong',
    incident: {
      id,
      cause: { kind: 'registry', subject: {} },
      severity: 'info',
      started_ms: Math.round(nowMs),
    },
    alerts: [],
    more_alerts: 0,
    ...(publicUrl === undefined ? {} : { url: alertsPage(publicUrl) }),
  };
}
