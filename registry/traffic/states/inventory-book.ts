import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Inventory, SourceHealth } from '@netring/contract/inventory';
import type { ChangeEntry, Fold } from '../../changes/index.ts';
import type { Directory } from '../../membership/index.ts';
import type { Store } from '../../store/index.ts';
import type { MemberInventory } from '../identity/index.ts';

/** The entry of the change log: this member's inventory has changed. */
export interface InventoryChange extends ChangeEntry {
  kind: 'inventory';
  by: string;
  id: string;
}

/** What runs on the members' hosts, and what ran there a little while ago. */
export interface InventoryBook extends Fold {
  take(member: string, inventory: Inventory, receivedMs: number): void;
  /** Of all members kept, with the time each held. `isLive` says whether a member speaks. */
  all(isLive: (member: string) => boolean): MemberInventory[];
  current(member: string): Inventory | undefined;
  sources(): (SourceHealth & { member: string })[];
  /** Grows when anything changed that identity goes by. */
  revision(): number;
  sweep(nowMs: number): void;
}

/** As long as a bucket of traffic may come late. */
const formerKeptMs = 15 * 60_000;
const mostFormer = 8;
export const inventoryTtlMs = 24 * 3_600_000;
export const inventoryKeys = { now: 'now', order: 'order' } as const;

export function inventoryGroup(member: string): string {
  return `inventory:${member}`;
}

export function encodeInventory(inventory: Inventory, receivedMs: number): Buffer {
  return deflateRawSync(JSON.stringify({ receivedMs, inventory }), { level: 1 });
}

function decodeInventory(value: Buffer): { receivedMs: number; inventory: Inventory } {
  return JSON.parse(inflateRawSync(value).toString('utf8')) as { receivedMs: number; inventory: Inventory };
}

interface Held {
  inventory: Inventory;
  /** Everything but how its sources do, which changes all the time. */
  facts: string;
  fromMs: number;
  former: { inventory: Inventory; fromMs: number; toMs: number }[];
}

export function createInventoryBook(directory: Directory, replica: string): InventoryBook {
  const held = new Map<string, Held>();
  let revision = 0;

  function take(member: string, inventory: Inventory, receivedMs: number): void {
    const { sources: _sources, ...rest } = inventory;
    const facts = JSON.stringify(rest);
    const before = held.get(member);
    if (before?.facts === facts) {
      before.inventory = inventory;
      return;
    }
    const former = before === undefined ? [] : [...before.former, formerOf(before, receivedMs)];
    held.set(member, { inventory, facts, fromMs: receivedMs, former: former.slice(-mostFormer) });
    revision++;
  }

  function drop(member: string): void {
    if (held.delete(member)) revision++;
  }

  async function read(store: Store, members: readonly string[]): Promise<void> {
    const wanted = members.map((member) => ({ group: inventoryGroup(member), key: inventoryKeys.now }));
    const values = wanted.length === 0 ? [] : await store.table.getMany(wanted);
    values.forEach((value, at) => {
      if (value === undefined) return;
      const { receivedMs, inventory } = decodeInventory(value);
      take(members[at] as string, inventory, receivedMs);
    });
  }

  return {
    async load(store) {
      held.clear();
      revision++;
      await read(
        store,
        [...directory.all()].map(({ record }) => record.instance_id),
      );
    },
    async apply(entries, store) {
      const changed = entries.filter(isInventoryChange).filter(({ by }) => by !== replica);
      await read(store, [...new Set(changed.map(({ id }) => id))]);
      for (const entry of entries)
        if (entry.kind === 'forgotten')
          for (const id of (entry as ChangeEntry & { ids: string[] }).ids) drop(id);
    },
    take,
    all(isLive) {
      const all: MemberInventory[] = [];
      for (const [member, { inventory, fromMs, former }] of held) {
        const record = directory.get(member)?.record;
        if (record === undefined) continue;
        const { location, deregistered_at_ms: leftMs } = record;
        const live = isLive(member);
        const time = { fromMs, toMs: leftMs ?? Infinity, isLive: live };
        all.push({ member, location, inventory, time });
        for (const one of former)
          all.push({
            member,
            location,
            inventory: one.inventory,
            time: { fromMs: one.fromMs, toMs: one.toMs, isLive: live },
          });
      }
      return all;
    },
    current: (member) => held.get(member)?.inventory,
    sources: () =>
      [...held].flatMap(([member, { inventory }]) => inventory.sources.map((one) => ({ ...one, member }))),
    revision: () => revision,
    sweep(nowMs) {
      for (const one of held.values()) {
        const kept = one.former.filter(({ toMs }) => toMs > nowMs - formerKeptMs);
        if (kept.length === one.former.length) continue;
        one.former = kept;
        revision++;
      }
    },
  };
}

/** A claim may go on unchanged: its time ends only where the newer inventory no longer makes it. */
function formerOf({ inventory, fromMs }: Held, toMs: number): Held['former'][number] {
  return { inventory, fromMs, toMs };
}

function isInventoryChange(entry: ChangeEntry): entry is InventoryChange {
  return entry.kind === 'inventory';
}
