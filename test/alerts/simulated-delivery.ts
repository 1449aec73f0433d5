import type { Silence } from '@netring/contract/alert';
import type { Notification } from '@netring/contract/notification';
import { keepAccounts, nothingTold, type DeliveryState } from '@netring/registry/alerts/delivery/account';
import { told } from '@netring/registry/alerts/delivery/due';
import type { Receiver } from '@netring/registry/alerts/delivery/receiver';
import { itemsOf, sceneOf } from '@netring/registry/alerts/delivery/rounds';
import type { AlertState } from '@netring/registry/alerts/evaluate';
import { tell } from '@netring/registry/alerts/told';

/** Delivery to one receiver that takes everything at once, look by look. */
export interface SimulatedDelivery {
  /** Everything that arrived, and when. */
  arrived: Notification[];
  onLook: (state: AlertState) => void;
  /** As it stands in the store: what another leader goes on from. */
  stored: () => string;
}

export function simulateDelivery(
  receiver: Receiver,
  { silences = [], from }: { silences?: readonly Silence[]; from?: string } = {},
): SimulatedDelivery {
  let state: DeliveryState = from === undefined ? nothingTold : (JSON.parse(from) as DeliveryState);
  const arrived: Notification[] = [];
  return {
    arrived,
    stored: () => JSON.stringify(state),
    onLook(alerts) {
      const answer = tell(alerts, silences, alerts.lookedAtMs);
      state = keepAccounts(state, answer, new Map([[receiver.id, receiver.policy]])).state;
      for (const { account, reason, facts, notification } of itemsOf(
        receiver,
        state,
        sceneOf(answer, undefined),
      )) {
        arrived.push(notification());
        const progress = told(account.progress[receiver.id], reason, facts, answer.now_ms);
        account.progress = { ...account.progress, [receiver.id]: progress };
      }
    },
  };
}

/** What arrived, as `firing opened: the sentence`. */
export function toldBy({ arrived }: SimulatedDelivery): string[] {
  return arrived.map(({ state, reason, summary }) => `${state} ${reason}: ${summary}`);
}
