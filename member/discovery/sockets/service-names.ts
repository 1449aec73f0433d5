import { nameRules } from '@netring/contract/inventory';
import { isLoopback, isWildcard } from './address.ts';
import type { ServiceGroup } from './service-groups.ts';

/** Names are at most this long (`localService`), with room for what tells them apart. */
const longestName = 160;

/**
 * A name for every group that no other one on this host has, the same whatever order they come in. Alone, a group has
 * its plain name. Of several, the better rule keeps it; services told by their process add their lowest port
 * (`node:8080`), those that only call `(client)`, and where that is not enough the address, the container or the network
 * namespace.
 */
export function nameServices(groups: readonly ServiceGroup[]): Map<ServiceGroup, string> {
  const byBase = new Map<string, ServiceGroup[]>();
  for (const group of groups) {
    const base = baseOf(group);
    byBase.set(base, [...(byBase.get(base) ?? []), group]);
  }
  const names = new Map<ServiceGroup, string>();
  const taken = new Set<string>();
  // Plain names first, so that no made-up one takes them.
  for (const [base, alike] of byBase) {
    const keeper = keeperOf(alike);
    if (keeper === undefined) continue;
    names.set(keeper, base);
    taken.add(base);
  }
  for (const [base, alike] of byBase)
    for (const group of alike.sort(inOrder)) {
      if (names.has(group)) continue;
      const name = candidates(base, group).find((one) => !taken.has(one)) ?? numbered(base, taken);
      names.set(group, name);
      taken.add(name);
    }
  return names;
}

/** The one that has the name to itself: the only one that listens, or the only one of the best rule. */
function keeperOf(alike: readonly ServiceGroup[]): ServiceGroup | undefined {
  if (alike.length === 1) return alike[0];
  const best = Math.min(...alike.map(rankOf));
  const first = alike.filter((one) => rankOf(one) === best);
  if (first.length === 1) return first[0];
  const listening = first.filter((one) => one.listeners.length > 0);
  return listening.length === 1 ? listening[0] : undefined;
}

function rankOf({ rule }: ServiceGroup): number {
  return nameRules.indexOf(rule);
}

function candidates(base: string, group: ServiceGroup): string[] {
  const port = lowestPort(group);
  const start = port === undefined ? `${base} (client)` : `${base}:${port}`;
  const address = group.listeners
    .map((one) => one.address)
    .find((one) => !isWildcard(one) && !isLoopback(one));
  return [
    start,
    ...(address === undefined ? [] : [`${start}@${address}`]),
    ...(group.facts?.containerId === undefined ? [] : [`${start}@${group.facts.containerId.slice(0, 12)}`]),
    `${start}@net:${group.namespace}`,
  ];
}

function numbered(base: string, taken: ReadonlySet<string>): string {
  let number = 2;
  while (taken.has(`${base}#${number}`)) number++;
  return `${base}#${number}`;
}

function baseOf({ base }: ServiceGroup): string {
  return base.length > longestName ? base.slice(0, longestName) : base;
}

function lowestPort({ listeners }: ServiceGroup): number | undefined {
  return listeners.length === 0 ? undefined : Math.min(...listeners.map((one) => one.port));
}

function inOrder(a: ServiceGroup, b: ServiceGroup): number {
  return (
    rankOf(a) - rankOf(b) ||
    (lowestPort(a) ?? Infinity) - (lowestPort(b) ?? Infinity) ||
    a.namespace - b.namespace ||
    Math.min(...a.pids) - Math.min(...b.pids) ||
    0
  );
}
