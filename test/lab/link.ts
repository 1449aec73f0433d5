import type { Helper } from './helper.ts';
import { defaultQueueBytes, type Conditions, type Link } from './network.ts';

/** What to change; what is not named stays. A new `rateMbit` without `queueBytes` brings that rate's default queue. */
export type LinkChange = Partial<Conditions>;

/** What one direction has carried since the start. Overflowed: the queue of its rate, or its memory, was full. */
export type Counters = { packets: number; bytes: number; lost: number; overflowed: number; cut: number };

/** One direction of a link, or both at once. Each call is in force when it resolves. */
export type Direction = {
  /** @throws Error naming the value that is out of range; nothing changes then */
  set(change: LinkChange): Promise<void>;
  /** Back to what the network says. */
  heal(): Promise<void>;
};

/** A link of the running lab. */
export type LinkControl = Direction & {
  between: readonly [string, string];
  /** Only the direction towards this end. */
  towards(end: string): Direction & { conditions(): Conditions; counters(): Promise<Counters> };
};

const limits: Record<string, [least: number, most: number]> = {
  delayMs: [0, 10_000],
  jitterMs: [0, 1_000],
  lossRatio: [0, 1],
  rateMbit: [0.01, 100_000],
  queueBytes: [2_000, 30_000_000],
};

function checkNumber(name: string, value: number, [least, most]: [number, number]): void {
  if (!(value >= least && value <= most))
    throw new Error(`${name} is ${value}; it must be from ${least} to ${most}`);
}

/** Applies a change to conditions. @throws Error naming the value that is out of range */
export function changedConditions(before: Conditions, change: LinkChange): Conditions {
  const after = { ...before, ...change };
  if (change.rateMbit !== undefined && change.queueBytes === undefined) {
    after.queueBytes = defaultQueueBytes(change.rateMbit ?? 0);
  }
  for (const [name, limit] of Object.entries(limits)) {
    const value = after[name as keyof Conditions];
    if (value !== null) checkNumber(name, value as number, limit);
  }
  if (after.lossyFlows !== null) {
    const { of, index, lossRatio } = after.lossyFlows;
    checkNumber('lossyFlows.of', of, [1, 1_000]);
    checkNumber('lossyFlows.index', index, [0, of - 1]);
    checkNumber('lossyFlows.lossRatio', lossRatio, [0, 1]);
  }
  return after;
}

/** The line that sets a forwarder's direction. */
export function setLine(direction: 'ab' | 'ba', conditions: Conditions): string {
  const flows = conditions.lossyFlows ?? { of: 0, index: 0, lossRatio: 0 };
  const pairs = {
    delay_us: Math.round(conditions.delayMs * 1000),
    jitter_us: Math.round(conditions.jitterMs * 1000),
    loss: conditions.lossRatio,
    rate_bps: Math.round((conditions.rateMbit ?? 0) * 1e6),
    queue_bytes: conditions.queueBytes,
    cut: conditions.cut ? 1 : 0,
    flows_of: flows.of,
    flows_index: flows.index,
    flows_loss: flows.lossRatio,
  };
  return `set ${direction} ${Object.entries(pairs)
    .map((pair) => pair.join('='))
    .join(' ')}`;
}

async function ask(forwarder: Helper, line: string): Promise<string> {
  const answer = await forwarder.ask(line);
  if (answer.startsWith('error')) throw new Error(`the forwarder refused "${line}": ${answer}`);
  return answer;
}

function controlDirection(
  link: Link,
  forwarder: Helper,
  direction: 'ab' | 'ba',
  changed: () => Promise<void>,
) {
  let conditions = link.conditions;
  const apply = async (wanted: Conditions) => {
    await ask(forwarder, setLine(direction, wanted));
    conditions = wanted;
    await changed();
  };
  return {
    conditions: () => conditions,
    set: (change: LinkChange) => apply(changedConditions(conditions, change)),
    heal: () => apply(link.conditions),
    async counters(): Promise<Counters> {
      const [, packets = 0, bytes = 0, lost = 0, overflowed = 0, cut = 0] = (
        await ask(forwarder, `stats ${direction}`)
      )
        .split(' ')
        .map(Number);
      return { packets, bytes, lost, overflowed, cut };
    },
  };
}

/**
 * Takes a link in hand and puts the network's conditions in force.
 * @param changed is called after every change, with whether the link is cut in either direction
 */
export async function controlLink(
  link: Link,
  forwarder: Helper,
  changed: (isCut: boolean) => Promise<void>,
): Promise<LinkControl> {
  const report = (): Promise<void> => changed([ab, ba].some((way) => way.conditions().cut));
  const ab = controlDirection(link, forwarder, 'ab', report);
  const ba = controlDirection(link, forwarder, 'ba', report);
  const [a, b] = link.between;
  const both: Direction = {
    async set(change) {
      for (const way of [ab, ba]) changedConditions(way.conditions(), change); // both or none
      await Promise.all([ab.set(change), ba.set(change)]);
    },
    heal: async () => void (await Promise.all([ab.heal(), ba.heal()])),
  };
  await both.heal();
  return {
    between: link.between,
    ...both,
    towards(end) {
      if (end !== a && end !== b) throw new Error(`the link between ${a} and ${b} does not lead to ${end}`);
      return end === b ? ab : ba;
    },
  };
}
