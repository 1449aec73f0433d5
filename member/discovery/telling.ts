import type { Inventory } from '@netring/contract/inventory';
import type { ReportRequest } from '@netring/contract/report';
import type { LiveSample } from './live-sample.ts';
import type { Rename } from './renamed.ts';
import type { Traffic } from './traffic.ts';

/** What discovery has for one report. */
export interface DiscoveryPart {
  part: Pick<ReportRequest, 'traffic' | 'inventory' | 'requests'>;
  /** Whether there is more than one report may carry. */
  isMore: boolean;
  /** The registry has it now, or will never take it. */
  arrived(): void;
}

/** What travels in reports: state that is said again until it has arrived. */
export interface Telling {
  toTell(): DiscoveryPart;
  /** Whether there is anything that the registry does not know. */
  isWaiting(): boolean;
  /** The registry has forgotten us: what is younger than `ageMs` is told again. */
  forgetTold(ageMs: number): void;
  /** The inventory differs from what was told. */
  inventoryChanged(): void;
}

/** A catch-up of ten minutes is over after eight reports. */
const mostStates = 8;
/** Beside paths and records; the registry takes 4 MB. */
const mostBytes = 1_900_000;
/** 200 services. A larger inventory travels alone, and traffic right after it. */
const largeInventoryBytes = 100_000;
/** Ages and counts of the sources are told this often, when nothing else has changed. */
const inventoryEveryMs = 60_000;

export function createTelling(needs: {
  traffic: Traffic;
  rename: Rename;
  inventory: () => Inventory;
  sample: LiveSample;
  now: () => number;
}): Telling {
  const { traffic, sample, now } = needs;
  let changes = 1;
  let toldChanges = 0;
  let toldAtMs = -Infinity;
  const isInventoryDue = () => changes > toldChanges || now() - toldAtMs >= inventoryEveryMs;

  return {
    toTell() {
      const atChanges = changes;
      const inventory = isInventoryDue() ? needs.inventory() : undefined;
      const inventoryBytes = inventory === undefined ? 0 : JSON.stringify(inventory).length;
      const states = traffic.toTell(
        { states: inventoryBytes > largeInventoryBytes ? 0 : mostStates, bytes: mostBytes },
        needs.rename,
      );
      const requests = sample.take();
      return {
        part: {
          ...(states.states.length > 0 && { traffic: states.states }),
          ...(inventory !== undefined && { inventory }),
          ...(requests !== undefined && { requests }),
        },
        isMore: states.isMore,
        arrived() {
          traffic.told(states);
          if (inventory === undefined) return;
          toldChanges = Math.max(toldChanges, atChanges);
          toldAtMs = now();
        },
      };
    },
    isWaiting: () => isInventoryDue() || sample.isWaiting() || traffic.waiting() > 0,
    forgetTold(ageMs) {
      traffic.forgetTold(ageMs);
      toldChanges = 0;
    },
    inventoryChanged() {
      changes++;
    },
  };
}
