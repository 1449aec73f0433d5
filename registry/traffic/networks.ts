import type { NetworkInfoAnswer } from '@netring/contract/topology';
import type { Directory } from '../membership/index.ts';
import type { InventoryBook } from './states/index.ts';

/**
 * Which services are in which network: those that listen on their machine are in their location's, containers in the
 * network of their machine unless the whole location knows their addresses. Of members that speak.
 */
export function networksOf(
  directory: Directory,
  inventories: Pick<InventoryBook, 'current'>,
  isLive: (member: string) => boolean,
): NetworkInfoAnswer {
  const networks = new Map<string, { name: string; ip: string }[]>();
  const add = (network: string, name: string, ip: string): void => {
    const services = networks.get(network);
    if (services === undefined) networks.set(network, [{ name, ip }]);
    else services.push({ name, ip });
  };
  for (const { record } of directory.all()) {
    const inventory = inventories.current(record.instance_id);
    if (inventory === undefined || !isLive(record.instance_id)) continue;
    const { host, services } = inventory;
    for (const { name, addresses, reach } of services) {
      const isApart = addresses !== undefined && reach === 'host';
      const network = isApart ? `${record.location}/${host.name}` : record.location;
      for (const ip of addresses ?? host.addresses.slice(0, 1)) add(network, name, ip);
    }
  }
  return Object.fromEntries(
    [...networks].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, services]) => [name, { services }]),
  );
}
