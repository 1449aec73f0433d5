import { nameRules as rank, type LocalService } from '@netring/contract/inventory';
import { givenName, type NameRule } from './name-rules.ts';

/** As many as the contract takes. */
const most = { listeners: 256, aliases: 32, addresses: 64, labels: 64 };

/** What all sources together know of the services of this host. */
export interface MergedServices {
  services: LocalService[];
  /** Final names by the names that a source used. One that stands for several services is not here. */
  renamed: Map<string, string>;
}

/**
 * The services of a host as all sources know them: what two sources say of one container, of one process, or under one
 * name, is one service, and the best name wins: a person's, else the first of `nameRules` that a source had.
 *
 * @param processes names of services, as whoever looks at processes calls them, by process id
 */
export function mergeServices(
  bySource: Iterable<readonly LocalService[]>,
  rules: readonly NameRule[],
  processes: ReadonlyMap<number, string> = new Map(),
): MergedServices {
  const lists = [...bySource];
  const groups = new Map<string, LocalService>();
  const keys = new Map<string, Set<string>>();
  const spoken = spokenFor(lists, processes);
  for (const list of lists) {
    for (const service of list) {
      const key =
        service.container_id === undefined
          ? `name ${spoken.get(service.name) ?? service.name}`
          : `container ${service.container_id}`;
      const known = groups.get(key);
      groups.set(key, known === undefined ? service : both(known, service));
      const said = keys.get(service.name);
      if (said === undefined) keys.set(service.name, new Set([key]));
      else said.add(key);
    }
  }
  return named(groups, keys, rules);
}

/**
 * Services that name themselves and say their process, by that name: what whoever looks at processes calls them. Where
 * two such names are of one service there, it holds several programs, and neither is it.
 */
function spokenFor(
  lists: readonly (readonly LocalService[])[],
  processes: ReadonlyMap<number, string>,
): Map<string, string> {
  const spoken = new Map<string, string>();
  const claims = new Map<string, Set<string>>();
  for (const { name, name_rule, pid, container_id } of lists.flat()) {
    const found = pid === undefined || name_rule !== 'otel' ? undefined : processes.get(pid);
    if (found === undefined || container_id !== undefined) continue;
    spoken.set(name, found);
    claims.set(found, (claims.get(found) ?? new Set()).add(name));
  }
  return new Map([...spoken].filter(([, found]) => claims.get(found)?.size === 1));
}

function named(
  groups: ReadonlyMap<string, LocalService>,
  keys: ReadonlyMap<string, ReadonlySet<string>>,
  rules: readonly NameRule[],
): MergedServices {
  const finalNames = new Map<string, string>();
  const services = new Map<string, LocalService>();
  for (const [key, found] of groups) {
    const given = givenName(rules, found);
    const service: LocalService = given === undefined ? found : { ...found, name: given, name_rule: 'user' };
    finalNames.set(key, service.name);
    // Two containers of one name are replicas, which are one service.
    const known = services.get(service.name);
    services.set(service.name, known === undefined ? service : both(known, service));
  }
  const renamed = new Map<string, string>();
  for (const [name, of] of keys) {
    const finals = new Set([...of].map((key) => finalNames.get(key) as string));
    const [only] = finals;
    if (finals.size === 1 && only !== undefined && only !== name) renamed.set(name, only);
  }
  return { services: [...services.values()], renamed };
}

/** Two views of one service. The better name wins, and who has it says what the other does not. */
function both(a: LocalService, b: LocalService): LocalService {
  const [better, other] = rank.indexOf(b.name_rule) < rank.indexOf(a.name_rule) ? [b, a] : [a, b];
  const started = [better, other].find(({ start_mode }) => start_mode !== 'native') ?? better;
  const addresses = union(better.addresses, other.addresses).slice(0, most.addresses);
  const aliases = union(better.aliases, other.aliases).slice(0, most.aliases);
  const labels = { ...other.labels, ...better.labels };
  return {
    ...other,
    ...better,
    start_mode: started.start_mode,
    // Only what both know to be reachable from elsewhere is: an address of a bridge belongs to this host alone.
    reach: a.reach === 'host' || b.reach === 'host' ? 'host' : 'location',
    listeners: listenersOf(better, other),
    ...(addresses.length === 0 ? {} : { addresses }),
    ...(aliases.length === 0 ? {} : { aliases }),
    ...(Object.keys(labels).length === 0
      ? {}
      : { labels: Object.fromEntries(Object.entries(labels).slice(0, most.labels)) }),
  };
}

/** Who knows what is spoken at a listener says it for both. */
function listenersOf(a: LocalService, b: LocalService): LocalService['listeners'] {
  const all = new Map<string, LocalService['listeners'][number]>();
  for (const one of [...a.listeners, ...b.listeners]) {
    const key = `${one.transport} ${one.address} ${one.port}`;
    all.set(key, { ...one, ...all.get(key) });
  }
  return [...all.values()].slice(0, most.listeners);
}

function union(a: readonly string[] = [], b: readonly string[] = []): string[] {
  return [...new Set([...a, ...b])];
}
