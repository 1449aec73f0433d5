import type { GraphDependency, GraphService } from '@netring/contract/graph';

/** What is different from what was told last. */
export interface Teller {
  news(
    services: readonly GraphService[],
    dependencies: readonly GraphDependency[],
    nowMs: number,
  ): {
    services: GraphService[];
    dependencies: GraphDependency[];
    removed_services: string[];
    removed_dependencies: string[];
  };
}

interface Told {
  value: object;
  /** What is told at once when it changes. */
  structure: string;
  whole: string;
  atMs: number;
}

export function createTeller(): Teller {
  const services = new Map<string, Told>();
  const dependencies = new Map<string, Told>();
  return {
    news(allServices, allDependencies, nowMs) {
      const everyMs = Math.min(10_000, Math.max(2_000, allDependencies.length * 2));
      const isNews = newsIn(nowMs, everyMs);
      return {
        services: allServices.filter((one) => isNews(services, one.service_id, one, structureOfService)),
        dependencies: allDependencies.filter((one) => isNews(dependencies, one.id, one, structureOf)),
        removed_services: goneFrom(
          services,
          allServices.map((one) => one.service_id),
        ),
        removed_dependencies: goneFrom(
          dependencies,
          allDependencies.map((one) => one.id),
        ),
      };
    },
  };
}

/** Numbers are told every now and then, everything else at once. */
function newsIn(nowMs: number, everyMs: number) {
  return <T extends object>(
    known: Map<string, Told>,
    id: string,
    value: T,
    structureOfValue: (value: T) => string,
  ): boolean => {
    const before = known.get(id);
    if (before?.value === value) return false;
    const structure = structureOfValue(value);
    if (before?.structure === structure && nowMs - before.atMs < everyMs) return false;
    const whole = JSON.stringify(value);
    if (before?.whole === whole) {
      before.value = value;
      return false;
    }
    known.set(id, { value, structure, whole, atMs: nowMs });
    return true;
  };
}

/** What people act on. */
function structureOf(one: GraphDependency): string {
  const { path, blame } = one;
  const state = [one.direction, one.health, one.activity, one.counted_by, path.kind, path.state];
  return [...state, blame.verdict, ...one.evidence].join(' ');
}

function structureOfService(one: GraphService): string {
  const { kind, health, activity, service_type, service_name, fan_in, fan_out } = one;
  return JSON.stringify([kind, health, activity, service_type, service_name, fan_in, fan_out]);
}

function goneFrom(known: Map<string, Told>, present: readonly string[]): string[] {
  // Whatever is there was told.
  if (known.size === present.length) return [];
  const there = new Set(present);
  const gone = [...known.keys()].filter((id) => !there.has(id));
  for (const id of gone) known.delete(id);
  return gone;
}
