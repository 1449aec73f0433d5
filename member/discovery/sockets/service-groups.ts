import type { NameRule } from '@netring/contract/inventory';
import type { Listener } from './connection.ts';
import type { ProcessFacts } from './process-facts.ts';

/** What another source knows of a container. */
export interface ContainerName {
  name: string;
  /** `label` when people gave it (compose, Kubernetes), `container` when the engine did. */
  rule: 'label' | 'container';
  labels?: Record<string, string>;
  aliases?: string[];
}

/** Processes that are one service, and where they listen. */
export interface ServiceGroup {
  key: string;
  /** What it would be called if it were the only one of that name. */
  base: string;
  rule: NameRule;
  pids: number[];
  listeners: Listener[];
  /** The process that it is described by: the first one that listens, else the first one. */
  facts: ProcessFacts | undefined;
  namespace: number;
  container?: ContainerName;
}

export interface GroupNeeds {
  /** Facts of a process; `undefined` when it has gone. */
  factsOf: (pid: number) => ProcessFacts | undefined;
  containerName: (id: string) => ContainerName | undefined;
  namespaceOf: (pid: number) => number;
}

/** Processes with one key are one service. */
interface Identity {
  key: string;
  base: string;
  rule: NameRule;
  container?: ContainerName;
}

/**
 * Puts processes together that are one service: by the container, the systemd unit, else processes of one name, of which
 * those that listen are told apart by their ports, and workers belong to what started them. A listener whose process may
 * not be seen is a service of its own.
 */
export function groupServices(
  pids: Iterable<number>,
  listeners: Iterable<Listener>,
  needs: GroupNeeds,
): ServiceGroup[] {
  const groups = new Map<string, ServiceGroup>();
  const listening = new Map<number, Listener[]>();
  const unseen: Listener[] = [];
  for (const one of listeners) {
    if (one.pid === undefined) unseen.push(one);
    else listening.set(one.pid, [...(listening.get(one.pid) ?? []), one]);
  }
  for (const pid of new Set([...listening.keys(), ...pids])) {
    const facts = needs.factsOf(pid);
    if (facts === undefined) continue;
    const identity = identityOf(facts, listening, needs);
    const known = groups.get(identity.key);
    const own = listening.get(pid) ?? [];
    if (known === undefined)
      groups.set(identity.key, {
        ...identity,
        pids: [pid],
        listeners: [...own],
        facts,
        namespace: needs.namespaceOf(pid),
      });
    else {
      known.pids.push(pid);
      known.listeners.push(...own);
    }
  }
  for (const one of unseen) addUnseen(groups, one);
  return mergeAlike([...groups.values()]);
}

function identityOf(
  facts: ProcessFacts,
  listening: ReadonlyMap<number, unknown>,
  needs: GroupNeeds,
): Identity {
  if (facts.containerId !== undefined) {
    const container = needs.containerName(facts.containerId);
    // Containers that people gave one name are replicas of one service.
    if (container !== undefined) {
      const { name, rule } = container;
      return { key: `${rule} ${name}`, base: name, rule, container };
    }
    return { key: `container ${facts.containerId}`, base: facts.name, rule: 'process' };
  }
  if (facts.unit !== undefined) return { key: `systemd ${facts.unit}`, base: facts.unit, rule: 'systemd' };
  const first = listeningForebear(facts, listening, needs);
  return { key: `process ${facts.name} ${first ?? 'calls only'}`, base: facts.name, rule: 'process' };
}

/** The process itself, or the nearest one of the same name in the line of those that started it, which listens. */
function listeningForebear(
  from: ProcessFacts,
  listening: ReadonlyMap<number, unknown>,
  needs: GroupNeeds,
): number | undefined {
  let facts: ProcessFacts | undefined = from;
  for (let steps = 0; facts !== undefined && steps < 64; steps++) {
    if (listening.has(facts.pid)) return facts.pid;
    facts = facts.parent > 1 ? needs.factsOf(facts.parent) : undefined;
    const isAlike: boolean =
      facts !== undefined &&
      facts.name === from.name &&
      facts.executable === from.executable &&
      facts.containerId === from.containerId &&
      facts.unit === from.unit;
    if (!isAlike) return undefined;
  }
  return undefined;
}

function addUnseen(groups: Map<string, ServiceGroup>, one: Listener): void {
  const key = `unseen ${one.namespace} ${one.port}`;
  const known = groups.get(key);
  if (known === undefined)
    groups.set(key, {
      key,
      base: `port-${one.port}`,
      rule: 'process',
      pids: [],
      listeners: [one],
      facts: undefined,
      namespace: one.namespace,
    });
  else known.listeners.push(one);
}

/** Processes of one name that share their ports (SO_REUSEPORT) are one service, whoever started them. */
function mergeAlike(groups: ServiceGroup[]): ServiceGroup[] {
  const alike = new Map<string, ServiceGroup>();
  return groups.filter((group) => {
    if (!group.key.startsWith('process ') || group.listeners.length === 0) return true;
    const ports = [...new Set(group.listeners.map((one) => `${one.address} ${one.port}`))].sort();
    const key = `${group.base} ${group.namespace} ${ports.join()}`;
    const first = alike.get(key);
    if (first === undefined) {
      alike.set(key, group);
      return true;
    }
    first.pids.push(...group.pids);
    first.listeners.push(...group.listeners);
    return false;
  });
}
