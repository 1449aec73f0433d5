import type { Measured } from './confirm.ts';
import type { IcmpSockets } from './icmp-socket.ts';
import type { Off, Orders, UdpOrders } from './messages.ts';
import type { PacketBudget } from './packet-budget.ts';
import type { StallWatch } from './stalls.ts';
import { openUdpEcho, type UdpEcho } from './udp-echo.ts';
import { createUdpProber } from './udp-prober.ts';

/** Both ends of the UDP probes of this process. */
export interface Udp {
  /** Resolves when it is known whether this process answers. */
  follow(orders: Orders): Promise<void>;
  /** What this process answers; undefined before the first orders are followed. */
  answers(): string[] | undefined;
  off(): Off[];
}

export interface UdpNeeds {
  watch: StallWatch;
  budget: PacketBudget;
  icmp: IcmpSockets;
  /** Whether a bandwidth test of ours has filled the path since then. */
  disturbedSince: (fromMs: number) => boolean;
  onMeasured: (measured: Measured, changed: boolean) => void;
}

export function createUdp({ watch, budget, icmp, disturbedSince, onMeasured }: UdpNeeds): Udp {
  let echo: { orders: string; opened: Promise<UdpEcho | { off: string }> } | undefined;
  let answering: UdpEcho | { off: string } | undefined;
  let known = false;
  const prober = createUdpProber({
    watch,
    budget,
    icmp,
    disturbedSince,
    onMeasured,
    heardMs: (hash) => (answering === undefined || 'off' in answering ? undefined : answering.heardMs(hash)),
  });

  const open = (orders: UdpOrders) =>
    openUdpEcho(orders, () => watch.lateMs()).catch((error: Error) => ({
      off: `cannot answer on UDP port ${orders.port}: ${error.message}`.slice(0, 300),
    }));
  const answerBy = async (orders: UdpOrders | undefined) => {
    const signature = JSON.stringify(orders ?? null);
    if (echo?.orders !== signature) {
      const before = echo?.opened;
      // The port is the same as a rule: the old socket gives it up first.
      const opened = Promise.resolve(before).then((old) => {
        if (old !== undefined && !('off' in old)) old.close();
        return orders === undefined ? { off: 'turned off' } : open(orders);
      });
      echo = { orders: signature, opened };
    }
    answering = await echo.opened;
    known = true;
  };
  return {
    async follow(orders) {
      prober.follow(orders);
      await answerBy(orders.udp);
    },
    answers: () => (known ? (answering === undefined || 'off' in answering ? [] : ['udp']) : undefined),
    off: () =>
      answering !== undefined && 'off' in answering ? [{ kind: 'udp', reason: answering.off }] : [],
  };
}
