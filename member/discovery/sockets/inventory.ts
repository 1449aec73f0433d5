import type { Listener as InventoryListener, LocalService } from '@netring/contract/inventory';
import type { Listener } from './connection.ts';
import type { ServiceGroup } from './service-groups.ts';

/** Bounds of the contract. */
const mostListeners = 256;
const mostAddresses = 64;

export interface NamespaceFacts {
  isOwn: boolean;
  /** Addresses in it, without loopback and link-local ones. */
  addresses: readonly string[];
  /** Whether all of them lie behind a bridge of this host. */
  isBehindBridge: boolean;
}

/** A group as the inventory tells it. */
export function localServiceOf(group: ServiceGroup, name: string, where: NamespaceFacts): LocalService {
  const { facts, container, rule, listeners, pids } = group;
  const startMode = facts?.startMode ?? 'native';
  const pid = listeners.find((one) => one.pid !== undefined)?.pid ?? pids[0];
  const labels = container?.labels;
  const aliases = container?.aliases;
  return {
    name,
    name_rule: rule,
    ...(pid === undefined ? {} : { pid }),
    ...(facts === undefined ? {} : { process: facts.executable }),
    start_mode: startMode,
    ...(facts?.containerId === undefined ? {} : { container_id: facts.containerId }),
    ...(where.isOwn ? {} : { addresses: where.addresses.slice(0, mostAddresses) }),
    // A pod's address is the cluster's, though a bridge of its node has it.
    reach: !where.isOwn && where.isBehindBridge && startMode !== 'kubernetes' ? 'host' : 'location',
    listeners: listenersOf(listeners),
    ...(aliases === undefined ? {} : { aliases: aliases.slice(0, 32) }),
    ...(labels === undefined ? {} : { labels }),
  };
}

function listenersOf(listeners: readonly Listener[]): InventoryListener[] {
  const unique = new Map<string, InventoryListener>();
  for (const { address, port, transport } of listeners) {
    const bound = address === '*' ? '::' : address;
    unique.set(`${bound} ${port} ${transport}`, { address: bound, port, transport });
  }
  return [...unique.values()]
    .sort((a, b) => a.port - b.port || (a.address < b.address ? -1 : 1))
    .slice(0, mostListeners);
}
