import { describeInvalid } from '@netring/contract/error';
import { inventory as inventorySchema } from '@netring/contract/inventory';
import type { Refusal } from '@netring/contract/report';
import { liveRequests, type LiveRequests } from '@netring/contract/traffic';
import { appended } from '../changes/index.ts';
import type { Store } from '../store/index.ts';
import {
  encodeInventory,
  inventoryGroup,
  inventoryKeys,
  inventoryTtlMs,
  orderKey,
  readState,
  stateKey,
  statesGroup,
  statesKeptMs,
  statesTtlMs,
  withinBound,
  type InventoryBook,
  type InventoryChange,
  type MemberClocks,
  type StateBook,
  type StateChange,
} from './states/index.ts';

/** What a report brought for this room, unjudged. */
export interface TrafficReport {
  member: string;
  boot: string;
  /** The member's clock as it sent, and the store's as it came. */
  sentMs: number;
  receivedMs: number;
  traffic: readonly unknown[];
  inventory: unknown;
  requests: unknown;
}

/** Takes what members saw of traffic, of reports whose session was found right. */
export interface TrafficIntake {
  /** Judges bucket by bucket; what is refused, with the reason. */
  take(report: TrafficReport): Promise<Refusal[]>;
}

export interface IntakeNeeds {
  store: Store;
  states: StateBook;
  inventories: InventoryBook;
  clocks: MemberClocks;
  replica: string;
  /** A state takes this much at most, packed. */
  memberBytes: number;
  onRequests: (member: string, requests: LiveRequests, offsetMs: number) => void;
}

/** Nothing is ahead of its member's own clock by more than its place on the grid may be. */
const aheadMs = 15_000;

export function createTrafficIntake(needs: IntakeNeeds): TrafficIntake {
  const { store, states, inventories, clocks, replica } = needs;

  return {
    async take(report) {
      const { member, boot, sentMs, receivedMs } = report;
      const offsetMs = clocks.offset(member, boot, sentMs, receivedMs);
      const refused: Refusal[] = [];
      if (report.inventory !== undefined)
        refused.push(...(await takeInventory(report, report.inventory, offsetMs)));
      for (const [index, record] of report.traffic.entries()) {
        const why = await takeState(report, record, offsetMs);
        if (why !== undefined) refused.push({ of: 'traffic', index, ...why });
      }
      if (report.requests !== undefined) refused.push(...takeRequests(report, report.requests, offsetMs));
      return refused;
    },
  };

  async function takeState(
    { member, boot, receivedMs }: TrafficReport,
    record: unknown,
    offsetMs: number,
  ): Promise<{ field?: string; reason: string } | undefined> {
    const read = readState(record);
    if (read.outcome === 'refused') {
      const { field, reason } = read;
      return { ...(field !== undefined && { field }), reason };
    }
    const { n, started_ms: startedMs, revision, bucket, signals } = read.state;
    const startMs = clocks.place(member, boot, n, startedMs, offsetMs);
    if (startMs < receivedMs - statesKeptMs)
      return { field: 'started_ms', reason: 'is older than a quarter of an hour' };
    if (startMs > receivedMs + aheadMs) return { field: 'started_ms', reason: 'lies in the future' };
    const whole = { member, boot, n, revision, offsetMs, startMs, receivedMs, bucket, signals, more: 0 };
    const { state, value } = withinBound(whole, needs.memberBytes);
    const group = statesGroup(startMs);
    const key = stateKey(state);
    const change: StateChange = { kind: 'traffic', by: replica, key, startMs };
    const committed = await store.commit({
      newer: { group, key: orderKey(state), order: revision, ttlMs: statesTtlMs },
      put: [{ group, key, value, ttlMs: statesTtlMs }],
      append: appended(change),
    });
    if (committed.outcome === 'done') states.take(state);
    return undefined;
  }

  async function takeInventory(
    { member, sentMs, receivedMs }: TrafficReport,
    value: unknown,
    offsetMs: number,
  ): Promise<Refusal[]> {
    const parsed = inventorySchema.safeParse(value);
    if (!parsed.success) return [refusalOf('inventory', parsed.error)];
    const group = inventoryGroup(member);
    const change: InventoryChange = { kind: 'inventory', by: replica, id: member };
    const committed = await store.commit({
      newer: { group, key: inventoryKeys.order, order: Math.round(sentMs + offsetMs), ttlMs: inventoryTtlMs },
      put: [
        {
          group,
          key: inventoryKeys.now,
          value: encodeInventory(parsed.data, receivedMs),
          ttlMs: inventoryTtlMs,
        },
      ],
      append: appended(change),
    });
    if (committed.outcome === 'done') inventories.take(member, parsed.data, receivedMs);
    return [];
  }

  function takeRequests({ member }: TrafficReport, value: unknown, offsetMs: number): Refusal[] {
    const parsed = liveRequests.safeParse(value);
    if (!parsed.success) return [refusalOf('requests', parsed.error)];
    needs.onRequests(member, parsed.data, offsetMs);
    return [];
  }
}

function refusalOf(of: 'inventory' | 'requests', problem: Parameters<typeof describeInvalid>[0]): Refusal {
  const { error } = describeInvalid(problem);
  return { of, index: 0, ...(error.field !== undefined && { field: error.field }), reason: error.message };
}
