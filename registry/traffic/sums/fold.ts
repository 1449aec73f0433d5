import type { GraphNode } from '../join/index.ts';
import type { CellKey } from './cell.ts';
import { canBeAllOfThem } from './gateway.ts';
import { sumKey, type Slot, type Sum } from './slot.ts';

/** What one stretch of time has of a dependency; `only` some kinds of evidence of it, where it is given. */
export interface Part {
  slot: Slot;
  sum: Sum;
  only?: ReadonlySet<CellKey>;
}

/** A dependency over several stretches of time, before its counts are added up. */
export interface Gathered {
  key: string;
  source: GraphNode;
  target: GraphNode;
  protocol: string;
  filter: string | undefined;
  parts: Part[];
  /** Kinds of evidence whose counts could not be told apart from those of others, and who has them. */
  noted: Map<CellKey, Set<string>>;
  /** Of the source only the machine is known. */
  isOnlyHost: boolean;
}

interface Group extends Gathered {
  evidence: Set<CellKey>;
}

const countsConnections: ReadonlySet<CellKey> = new Set(['caller', 'callee', 'flow']);

/**
 * Puts together what is one dependency: over time, and where one end saw only the machine of the other. A caller known
 * by its machine alone is the service on that machine whose own sockets show the same call: when exactly one shows it.
 * When several do, sockets of the callee add nothing that is not known, and a log keeps its requests with the machine.
 */
export function gather(slots: readonly Slot[]): Gathered[] {
  return gatherParts(partsOf(slots));
}

/** A dependency in a stretch of time, by the key of its sum. */
export interface KeyedPart extends Part {
  key: string;
}

/** The same of some dependencies: whatever goes to one target can be put together without the rest. */
export function gatherParts(parts: Iterable<KeyedPart>): Gathered[] {
  const groups = groupsOf(parts);
  const callers = callersOf(groups.values());
  const onlyHosts = [...groups.values()].filter(({ isOnlyHost }) => isOnlyHost);
  const byTarget = onlyHosts.length === 0 ? undefined : targetsOf(groups.values());
  for (const group of onlyHosts) identify(group, groups, callers, byTarget?.get(group.target.id) ?? []);
  foldPlain(groups);
  return [...groups.values()];
}

function* partsOf(slots: readonly Slot[]): Generator<KeyedPart> {
  for (const slot of slots) for (const [key, sum] of slot.sums) yield { key, slot, sum };
}

function groupsOf(parts: Iterable<KeyedPart>): Map<string, Group> {
  const groups = new Map<string, Group>();
  for (const { key, slot, sum } of parts) {
    let group = groups.get(key);
    if (group === undefined) groups.set(key, (group = groupOf(key, sum)));
    group.parts.push({ slot, sum });
    for (const evidence of sum.cells.keys()) group.evidence.add(evidence);
  }
  return groups;
}

function groupOf(key: string, { source, target, protocol, filter, isOnlyHost }: Sum): Group {
  return {
    key,
    source,
    target,
    protocol,
    filter,
    parts: [],
    noted: new Map(),
    isOnlyHost,
    evidence: new Set(),
  };
}

/** Services whose own sockets show that they call a target, by target and machine. */
function callersOf(groups: Iterable<Group>): Map<string, Map<string, GraphNode>> {
  const callers = new Map<string, Map<string, GraphNode>>();
  const note = (place: string, source: GraphNode): void => {
    const known = callers.get(place);
    if (known === undefined) callers.set(place, new Map([[source.id, source]]));
    else known.set(source.id, source);
  };
  for (const { source, target, parts, evidence, isOnlyHost } of groups) {
    if (isOnlyHost || !evidence.has('caller')) continue;
    for (const { sum } of parts)
      for (const host of sum.sourceHosts.keys()) note(`${target.id}\n${host}`, source);
  }
  return callers;
}

function targetsOf(groups: Iterable<Group>): Map<string, Group[]> {
  const byTarget = new Map<string, Group[]>();
  for (const group of groups) {
    const known = byTarget.get(group.target.id);
    if (known === undefined) byTarget.set(group.target.id, [group]);
    else known.push(group);
  }
  return byTarget;
}

function identify(
  group: Group,
  groups: Map<string, Group>,
  callers: Map<string, Map<string, GraphNode>>,
  onTarget: readonly Group[],
): void {
  if (group.source.id.startsWith(gatewayPrefix)) {
    identifyGateway(group, groups, onTarget);
    return;
  }
  const known = [...(callers.get(`${group.target.id}\n${group.source.id}`)?.values() ?? [])];
  const [first] = known;
  if (first === undefined) return;
  if (known.length > 1) note(group, known, groups, onTarget);
  else {
    groups.delete(group.key);
    put(group, first, groups);
  }
}

/** To the service that calls, where only its machine was known. */
function put(group: Group, source: GraphNode, groups: Map<string, Group>): void {
  const key = sumKey(source.id, group.target.id, group.protocol, group.filter);
  const into = groups.get(key);
  if (into === undefined) groups.set(key, { ...group, key, source, isOnlyHost: false });
  else join(into, group);
}

const gatewayPrefix = 'gateway:';

/**
 * Behind a gateway may be anybody: only sockets are those of the services seen to call through a port of that machine,
 * and only as long as they can be all of them. Requests stay with the gateway.
 */
function identifyGateway(group: Group, groups: Map<string, Group>, onTarget: readonly Group[]): void {
  const machine = `host:${group.source.id.slice(gatewayPrefix.length)}`;
  const through = ({ sum }: Part): boolean => sum.isThroughAlias && sum.targetHosts.has(machine);
  const calling = onTarget.filter(
    (one) => !one.isOnlyHost && one.evidence.has('caller') && one.parts.some(through),
  );
  const known = new Map(calling.map(({ source }) => [source.id, source]));
  const [first] = known.values();
  const callers = calling.flatMap(({ parts }) => parts.filter(through));
  if (first === undefined || !canBeAllOfThem({ through: group.parts, callers })) return;
  if (known.size === 1) {
    const sockets = new Set([...group.evidence].filter((one) => countsConnections.has(one)));
    const parts = group.parts.map((part) => ({ ...part, only: sockets }));
    if (sockets.size > 0) put({ ...group, parts, evidence: sockets }, first, groups);
  }
  note(group, known.size === 1 ? [] : [...known.values()], groups, onTarget);
}

/** Sockets only: every one of the callers is known by its own. What counts requests stays, since nobody can share it out. */
function note(
  group: Group,
  known: readonly GraphNode[],
  groups: Map<string, Group>,
  onTarget: readonly Group[],
): void {
  const sockets = [...group.evidence].filter((one) => countsConnections.has(one));
  for (const other of onTarget) {
    if (!known.some(({ id }) => id === other.source.id)) continue;
    for (const evidence of sockets) {
      const members = other.noted.get(evidence) ?? new Set<string>();
      other.noted.set(evidence, members);
      for (const { sum } of group.parts)
        for (const member of sum.cells.get(evidence)?.members ?? []) members.add(member);
    }
  }
  const rest = new Set([...group.evidence].filter((one) => !countsConnections.has(one)));
  if (rest.size === 0) groups.delete(group.key);
  else group.parts = group.parts.map((part) => ({ ...part, only: rest }));
}

function join(into: Group, from: Group): void {
  into.parts.push(...from.parts);
  for (const evidence of from.evidence) into.evidence.add(evidence);
  for (const [evidence, members] of from.noted) {
    const known = into.noted.get(evidence) ?? new Set<string>();
    into.noted.set(evidence, known);
    for (const member of members) known.add(member);
  }
}

/**
 * Sockets that were seen without anybody saying what is spoken there look like another dependency. Where everything
 * that is only TCP goes to ports where the one better protocol between the two is spoken, it is the same.
 */
function foldPlain(groups: Map<string, Group>): void {
  const pairOf = ({ source, target, filter }: Group) => `${source.id}\n${target.id}\n${filter ?? ''}`;
  const plain = [...groups.values()].filter(({ protocol }) => protocol === 'tcp');
  if (plain.length === 0) return;
  const better = new Map<string, Group[]>();
  for (const group of groups.values()) {
    if (group.protocol === 'tcp' || group.protocol === 'udp') continue;
    const known = better.get(pairOf(group));
    if (known === undefined) better.set(pairOf(group), [group]);
    else known.push(group);
  }
  for (const group of plain) {
    const [into, ...others] = better.get(pairOf(group)) ?? [];
    if (into === undefined || others.length > 0 || !listensAlike(group, into)) continue;
    groups.delete(group.key);
    join(into, group);
  }
}

function listensAlike(plain: Group, better: Group): boolean {
  const ports = new Set(better.parts.flatMap(({ sum }) => [...sum.ports]));
  if (ports.size === 0) return true;
  return plain.parts.every(({ sum }) => [...sum.ports].every((port) => ports.has(port)));
}
