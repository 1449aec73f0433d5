import { flowVerdict, type FlowVerdict } from './udp-flow-loss.ts';
import type { FlowCounts } from './udp-ledger.ts';

/** One round over all flows at the pace of a calm path takes a few of these; counts are kept in slots so long. */
export const slotMs = 30_000;
/** Two cycles for what is plain, a quarter of an hour for what is faint; in slots, the one under way included. */
const windowSlots = [2, 10, 30] as const;
const keptSlots = 30;

/** What each flow has lost over the last quarter of an hour. */
export interface FlowBook {
  count(flow: number, change: Partial<FlowCounts>, atMs: number): void;
  verdict(nowMs: number): FlowVerdict | undefined;
}

interface Slot {
  flows: FlowCounts[];
  /** In all of them. */
  lost: number;
}

export function createFlowBook(flowCount: number, startedMs: number): FlowBook {
  const slots = new Map<number, Slot>();
  const slotAt = (atMs: number) => Math.floor((atMs - startedMs) / slotMs);
  const slotsOf = (newest: number, length: number) =>
    [...slots].filter(([n]) => n > newest - length).map(([, slot]) => slot);
  const overMs = (newest: number, length: number, nowMs: number) =>
    Math.max(0, nowMs - Math.max(startedMs, startedMs + (newest - length + 1) * slotMs));
  return {
    count(flow, change, atMs) {
      const n = slotAt(atMs);
      let slot = slots.get(n);
      if (slot === undefined) {
        for (const old of slots.keys()) if (old <= n - keptSlots) slots.delete(old);
        slot = { flows: Array.from({ length: flowCount }, noCounts), lost: 0 };
        slots.set(n, slot);
      }
      slot.lost += change.lost ?? 0;
      const counts = slot.flows[flow];
      if (counts !== undefined) add(counts, change);
    },
    verdict(nowMs) {
      const newest = slotAt(nowMs);
      const kept = slotsOf(newest, keptSlots);
      // On nearly all paths nothing is lost; adding up thirty slots for each result would cost more than asking does.
      if (kept.every(({ lost }) => lost === 0)) {
        const isUsed = (flow: number) => kept.some(({ flows }) => (flows[flow]?.sent ?? 0) > 0);
        const count = Array.from({ length: flowCount }, (_, flow) => flow).filter(isUsed).length;
        return count === 0 ? undefined : { count, lossy: 0, over_ms: overMs(newest, keptSlots, nowMs) };
      }
      const windows = windowSlots.map((length) => {
        const flows = Array.from({ length: flowCount }, noCounts);
        for (const slot of slotsOf(newest, length)) {
          slot.flows.forEach((counts, flow) => add(flows[flow] as FlowCounts, counts));
        }
        return { overMs: overMs(newest, length, nowMs), flows };
      });
      return flowVerdict(windows);
    },
  };
}

function noCounts(): FlowCounts {
  return { sent: 0, lost: 0, forwardLost: 0, returnLost: 0 };
}

function add(to: FlowCounts, change: Partial<FlowCounts>): void {
  to.sent += change.sent ?? 0;
  to.lost += change.lost ?? 0;
  to.forwardLost += change.forwardLost ?? 0;
  to.returnLost += change.returnLost ?? 0;
}
