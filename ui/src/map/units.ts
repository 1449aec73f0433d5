import type { GraphDependency, GraphService, ServiceInstance } from '@netring/contract/graph';
import { areaKeyOf } from './area-key.ts';
import type { Fold } from './fold.ts';
import type { Level } from './level.ts';
import type { Still } from './still.ts';
import { typeText } from './type-text.ts';

/** What one card stands for: a service, or what of it is on one machine. */
export interface Unit {
  id: string;
  service: GraphService;
  area: string;
  /** The machine, in a location that is opened. */
  host?: string;
  /** The machine's address; empty where it is not known. */
  address: string;
  detail: string;
  wide: boolean;
}

/** A dependency between two cards. */
export interface Draft {
  from: string;
  to: string;
  dependency: GraphDependency;
}

export interface Units {
  /** Every card; complete once the ends of all dependencies have been asked for. */
  all: () => Unit[];
  /** Between which cards a dependency is, as far as it is known. */
  endsOf: (one: GraphDependency) => Draft[];
}

/** A machine that nobody knows: an edge to a wrong one would be worse. */
const unknownHost = '';

export function createUnits(fold: Fold, levelOf: (location: string) => Level, still: Still): Units {
  const byService = new Map<string, Unit[]>();
  const known = new Map<string, Unit>();
  const levelOfService = (one: GraphService): Level =>
    one.location === undefined ? 'services' : levelOf(one.location);
  for (const service of fold.services) {
    const units = remembered(service, levelOfService(service), still);
    byService.set(service.service_id, units);
    for (const unit of units) known.set(unit.id, unit);
  }
  const lost = (service: GraphService): string => {
    const unit = unitOn(service, unknownHost, [], levelOfService(service));
    if (!known.has(unit.id)) known.set(unit.id, unit);
    return unit.id;
  };
  const endsOf = (one: GraphDependency): Draft[] => {
    const ids = [fold.standsFor(one.source_service), fold.standsFor(one.target_service)] as const;
    const [from, to] = [byService.get(ids[0]), byService.get(ids[1])];
    if (from?.[0] === undefined || to?.[0] === undefined) return [];
    const draft = (source: string, target: string): Draft => ({ from: source, to: target, dependency: one });
    if (from.length === 1 && to.length === 1) return [draft(from[0].id, to[0].id)];
    const [source, target] = [from[0].service, to[0].service];
    const on = (units: readonly Unit[], service: GraphService, host: string): string =>
      units.length === 1
        ? (units[0] as Unit).id
        : (units.find((unit) => unit.host === host)?.id ?? lost(service));
    const told = new Map(
      (one.between ?? []).map((pair): [string, Draft] => {
        const made = draft(on(from, source, pair.source), on(to, target, pair.target));
        return [`${made.from}\n${made.to}`, made];
      }),
    );
    if (told.size > 0) return [...told.values()];
    const [callers, callees] = [seenAt(from, one, ['caller']), seenAt(to, one, ['callee', 'log'])];
    const sources = callers.length > 0 ? callers.map(({ id }) => id) : [lost(source)];
    // Which of several called which of several, nobody said.
    const isKnown = callees.length > 0 && (sources.length === 1 || callees.length === 1);
    const targets = isKnown ? callees.map(({ id }) => id) : [lost(target)];
    return sources.flatMap((a) => targets.map((b) => draft(a, b)));
  };
  return { all: () => [...known.values()], endsOf };
}

/** A service that has not changed has the cards that it had. */
function remembered(service: GraphService, level: Level, still: Still): Unit[] {
  const before = still.units.get(service);
  if (before?.level === level) return before.units;
  const units = unitsOf(service, level);
  still.units.set(service, { level, units });
  return units;
}

function unitsOf(service: GraphService, level: Level): Unit[] {
  if (level === 'services') {
    const detail = typeText(service.service_type);
    const { service_id: id } = service;
    return [{ id, service, area: areaKeyOf(service), address: '', detail, wide: false }];
  }
  const byHost = new Map<string, ServiceInstance[]>();
  for (const one of service.instances) byHost.set(one.host, [...(byHost.get(one.host) ?? []), one]);
  if (byHost.size === 0) return [unitOn(service, unknownHost, [], level)];
  return [...byHost].map(([host, instances]) => unitOn(service, host, instances, level));
}

function unitOn(
  service: GraphService,
  host: string,
  instances: readonly ServiceInstance[],
  level: Level,
): Unit {
  return {
    id: `${service.service_id}@${host}`,
    service,
    area: areaKeyOf(service),
    host,
    address: instances[0]?.address ?? '',
    detail: level === 'instances' ? processText(instances) : typeText(service.service_type),
    wide: level === 'instances',
  };
}

/** `node (pid 4711), port 8080`; of several processes how many, and the first of their ids. */
export function processText(instances: readonly ServiceInstance[]): string {
  if (instances.length === 0) return 'process not known';
  const names = [...new Set(instances.flatMap((one) => one.process ?? []))];
  const pids = instances.flatMap((one) => one.pid ?? []);
  const ports = [...new Set(instances.flatMap((one) => one.ports))].sort((a, b) => a - b);
  const name = names.length === 0 ? 'process' : names.slice(0, 2).join(', ');
  const several = instances.length > 1 ? ` ×${instances.length}` : '';
  const who = pids.length === 0 ? '' : ` (pid ${pids.slice(0, 2).join(', ')}${pids.length > 2 ? ', …' : ''})`;
  const where =
    ports.length === 0 ? '' : `, port ${ports.slice(0, 3).join(', ')}${ports.length > 3 ? ', …' : ''}`;
  return `${name}${several}${who}${where}`;
}

/** The machines of members that saw it from that end themselves. */
function seenAt(units: readonly Unit[], one: GraphDependency, evidence: readonly string[]): Unit[] {
  if (units.length === 1) return [...units];
  const members = new Set(
    one.seen_by
      .filter((by) => by.evidence.some((kind) => evidence.includes(kind)))
      .map(({ member }) => member),
  );
  return units.filter(({ service, host }) =>
    service.instances.some(
      (instance) => instance.host === host && instance.member !== undefined && members.has(instance.member),
    ),
  );
}
