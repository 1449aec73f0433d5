import type { Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { monotonicMs } from '../clock.ts';
import type { Measured } from './confirm.ts';
import type { Family } from './icmp-packet.ts';
import type { IcmpSockets, UdpError } from './icmp-socket.ts';
import type { Orders } from './messages.ts';
import { failureOf, type Failure } from './outcome.ts';
import type { PacketBudget } from './packet-budget.ts';
import type { Target } from './probe.ts';
import type { StallWatch } from './stalls.ts';
import { bound } from './udp-echo.ts';
import { createInbox } from './udp-inbox.ts';
import { bootOfAnswer, nameHash } from './udp-message.ts';
import { createSigner } from './udp-signature.ts';
import { startUdpTarget, type UdpQuestion, type UdpTarget } from './udp-target.ts';
import { createTurns } from './udp-turns.ts';

/**
 * Source ports, and so flows, to each target. Sixteen see a fault on one of four equal-cost paths with 99 % (1 - 0.75 ^
 * 16), on one of eight with 88 %.
 */
const flowCount = 16;
/** No order makes this process ask more targets. */
const maxTargets = 512;
/**
 * So many questions go out together rather than each at its own time, as long as that puts none off by more than a beat:
 * the second costs a third of the first, which has to wake the processor's caches up.
 */
const together = 2;
/** Timers count whole milliseconds, and so come up to two too early. */
const slackMs = 2;
const portUnreachable = { 4: 3, 6: 4 } as const;

/** Asks targets over UDP, from many source ports. */
export interface UdpProber {
  /** Asks the targets of kind `udp` from now on. */
  follow(orders: Orders): void;
}

export interface UdpProberNeeds {
  watch: StallWatch;
  budget: PacketBudget;
  /** Through these the machine at the far end says that nobody listens. */
  icmp: IcmpSockets;
  /** When the member whose name has this hash was last heard asking this one. */
  heardMs: (nameHash: number) => number | undefined;
  /** Whether a bandwidth test of ours has filled the path since then. */
  disturbedSince: (fromMs: number) => boolean;
  onMeasured: (measured: Measured, changed: boolean) => void;
}

interface Running {
  signature: string;
  boot: string;
  target: UdpTarget;
  host: string;
  port: number;
  flows: Flows;
}

export function createUdpProber(needs: UdpProberNeeds): UdpProber {
  const running = new Map<string, Running>();
  const byBoot = new Map<string, UdpTarget>();
  const flows = new Map<Family, Flows>();
  const turns = createTurns<Running>(together);
  let latest = 0;

  needs.watch.carry({
    dueMs: turns.dueMs,
    beat(nowMs) {
      const due = turns.take(nowMs + slackMs);
      // What takes time is done before the first goes out: its answer may be back before the last has gone.
      const questions = due.map(({ one }) => one.target.ask(nowMs));
      due.forEach(({ one }, at) => send(one, questions[at] as UdpQuestion));
      for (const { one, dueMs } of due) turns.add(one, nextAskMs(dueMs, one.target.gapMs(nowMs), nowMs));
      return due.length > 0;
    },
  });
  const send = ({ host, port, flows }: Running, { flow, message, goes, failed }: UdpQuestion) => {
    if (needs.budget.take()) flows.send(flow, message, host, port, goes, failed);
    else failed({ outcome: 'void', reason: 'this member sends as much as it may' });
  };
  const flowsOf = (family: Family): Flows => {
    const there = flows.get(family);
    if (there !== undefined) return there;
    const opened = openFlows(family, ({ message, receivedMs }) => {
      const boot = bootOfAnswer(message);
      if (boot !== undefined) byBoot.get(boot)?.take(message, receivedMs);
    });
    flows.set(family, opened);
    const icmp = needs.icmp.of(family);
    if (!('off' in icmp)) icmp.onUdpError((error) => refused(family, error));
    return opened;
  };
  const refused = (family: Family, error: UdpError) => {
    if (error.kind !== 'unreachable' || error.code !== portUnreachable[family]) return;
    for (const one of running.values()) {
      if (one.host === error.from && one.port === error.quoted.destinationPort)
        one.target.refused(error.receivedMs);
    }
  };
  const stop = (key: string) => {
    const one = running.get(key);
    if (one === undefined) return;
    one.target.stop();
    turns.remove(one);
    byBoot.delete(one.boot);
    running.delete(key);
  };
  const start = (target: Target, orders: Orders, signature: string) => {
    if (orders.udp === undefined) return;
    const { host, port, instanceId = '' } = target;
    const family = isIPv6(host) ? 6 : 4;
    const { target: asked, boot } = startUdpTarget({
      key: target.key,
      asker: nameHash(orders.udp.instanceId),
      signers: orders.udp.keys.map((key) => createSigner(Buffer.from(key, 'hex'), instanceId)),
      intervalMs: orders.intervalMs,
      flowCount,
      now: monotonicMs,
      watch: needs.watch,
      heardMs: () => needs.heardMs(nameHash(instanceId)),
      disturbedSince: needs.disturbedSince,
      onMeasured: needs.onMeasured,
    });
    const one = { signature, boot, target: asked, host, port, flows: flowsOf(family) };
    byBoot.set(boot, asked);
    running.set(target.key, one);
    const nowMs = monotonicMs();
    turns.add(one, nowMs + asked.gapMs(nowMs));
  };
  return {
    follow(orders) {
      const turn = ++latest;
      const targets = orders.targets.filter(({ kind }) => kind === 'udp').slice(0, maxTargets);
      const wanted = new Map(targets.map((target) => [target.key, target]));
      for (const key of running.keys()) if (!wanted.has(key)) stop(key);
      const common = JSON.stringify([orders.intervalMs, orders.udp]);
      for (const target of wanted.values()) {
        const signature = JSON.stringify(target) + common;
        if (running.get(target.key)?.signature === signature) continue;
        stop(target.key);
        const family = isIPv6(target.host) ? 6 : 4;
        void flowsOf(family).ready.then(() => {
          if (turn === latest) start(target, orders, signature);
        });
      }
    },
  };
}

/** When a target is asked next: what one question was late does not make it fewer questions, unless it was very late. */
function nextAskMs(dueMs: number, gapMs: number, nowMs: number): number {
  return dueMs + gapMs > nowMs ? dueMs + gapMs : nowMs + gapMs;
}

/** The source ports of one address family: one socket each, for all targets. */
interface Flows {
  ready: Promise<unknown>;
  send(
    this: void,
    flow: number,
    message: Buffer,
    host: string,
    port: number,
    onGoing: (nowMs: number) => void,
    onFailure: (failure: Failure) => void,
  ): void;
}

interface Received {
  message: Buffer;
  receivedMs: number;
}

function openFlows(family: Family, onMessage: (received: Received) => void): Flows {
  let sockets: Socket[] = [];
  const take = createInbox(onMessage);
  const opening = Array.from({ length: flowCount }, () => bound(family, 0));
  const ready = Promise.all(opening).then((all) => {
    sockets = all;
    for (const socket of all) socket.on('message', (message) => take({ message, receivedMs: monotonicMs() }));
  });
  return {
    ready: ready.catch(() => undefined),
    send(flow, message, host, port, onGoing, onFailure) {
      const socket = sockets[flow];
      if (socket === undefined) return onFailure({ outcome: 'void', reason: 'no UDP port was to be had' });
      onGoing(monotonicMs());
      socket.send(message, port, host, (error) => {
        if (error !== null) onFailure(failureOf(error));
      });
    },
  };
}
