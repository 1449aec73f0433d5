import type { Inventory, LocalService } from '@netring/contract/inventory';
import type { TrafficSignals } from '@netring/contract/traffic';
import type { BucketDependency } from '@netring/topology';
import { indexClaims, type MemberInventory } from './identity/index.ts';
import { createResolver, type Resolver } from './join/index.ts';
import type { StoredState } from './states/index.ts';

/** A few machines whose services, addresses and members come, go and change places, and the traffic that they tell of. */
export interface RandomWorld {
  resolving: { current(): { resolver: Resolver; version: number } };
  /** Something about who listens where becomes another. */
  change(nowMs: number): void;
  /** What some member tells of the stretch that begins there, or tells anew. */
  tell(startMs: number): StoredState;
}

const protocols = ['tcp', 'tcp', 'http', 'postgres'] as const;
const evidences = ['caller', 'callee', 'log', 'span', 'flow'] as const;

/** The same for the same seed. */
export function randomWorld(seed: number): RandomWorld {
  let value = seed;
  const below = (count: number): number => {
    value = (Math.imul(value, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((value / 2 ** 32) * count);
  };
  const some = <T>(all: readonly T[]): T => all[below(all.length)] as T;
  const members = ['a', 'b', 'c', 'd'];
  const location = (member: string) => (member === 'd' ? 'eu1' : 'us1');
  const addresses = new Map(members.map((member, at) => [member, `10.0.0.${at + 1}`]));
  const former: MemberInventory[] = [];
  const since = new Map(members.map((member) => [member, 0]));
  const services = new Map(members.map((member) => [member, [service('web', 80), service('db', 5432)]]));
  const silent = new Set<string>();
  let revision = 0;
  let version = 0;
  let made: Resolver | undefined;

  function service(name: string, port: number): LocalService {
    const listeners = [{ address: '0.0.0.0', port, transport: 'tcp' as const }];
    return { name, name_rule: 'process', start_mode: 'native', reach: 'host', listeners, pid: below(1_000) };
  }

  function inventoryOf(member: string): Inventory {
    const host = { name: `host-${member}`, addresses: [addresses.get(member) ?? ''] };
    return { host, services: services.get(member) ?? [], sources: [] };
  }

  function claimOf(member: string, toMs: number): MemberInventory {
    const time = { fromMs: since.get(member) ?? 0, toMs, isLive: !silent.has(member) };
    return { member, location: location(member), inventory: inventoryOf(member), time };
  }

  function pointOf(): string {
    const address = some([...addresses.values(), '10.0.0.9', '198.51.100.7']);
    return `address:${address}:${some([80, 5432, 8080])}`;
  }

  function callOf(member: string): { source: string; target: string } {
    const own = () => `service:${some(services.get(member) ?? [service('web', 80)]).name}`;
    const who = () => `address:${some([...addresses.values(), '198.51.100.7'])}`;
    return below(2) === 0 ? { source: own(), target: pointOf() } : { source: who(), target: own() };
  }

  return {
    resolving: {
      current() {
        const claims = [...former, ...members.map((member) => claimOf(member, Infinity))];
        made ??= createResolver(
          { index: indexClaims(claims), groups: [], reachPrivately: () => version % 2 === 0 },
          location,
        );
        return { resolver: made, version };
      },
    },
    change(nowMs) {
      made = undefined;
      version++;
      const [member, other] = [some(members), some(members)];
      const kind = below(5);
      if (kind === 0) silent.add(member);
      if (kind === 1) silent.delete(member);
      if (kind < 2) return;
      former.push(claimOf(member, nowMs));
      if (former.length > 12) former.shift();
      since.set(member, nowMs);
      if (kind === 2)
        services.set(member, [service(some(['web', 'api']), 80), service('db', some([5432, 8080]))]);
      if (kind === 3) addresses.set(member, addresses.get(other) ?? '');
      if (kind === 4) addresses.set(member, `10.0.0.${1 + below(6)}`);
    },
    tell(startMs) {
      const member = some(members);
      const rows: BucketDependency[] = [];
      const signals: TrafficSignals[] = [];
      const ends: string[] = [];
      const at = (id: string) => (ends.includes(id) ? ends.indexOf(id) : ends.push(id) - 1);
      for (let n = 2 + below(6); n > 0; n--) {
        const { source, target } = callOf(member);
        const [protocol, evidence] = [some(protocols), some(evidences)];
        const isTwice = rows.some(
          (one) =>
            one.source === at(source) &&
            one.target === at(target) &&
            one.protocol === protocol &&
            one.evidence === evidence,
        );
        if (isTwice) continue;
        if (below(4) > 0) rows.push(rowOf(at(source), at(target), protocol, evidence, startMs));
        if (below(2) > 0) signals.push(signalsOf(source, target, protocol, evidence));
      }
      return {
        member,
        boot: 'boot',
        n: startMs / 10_000,
        revision: ++revision,
        offsetMs: 0,
        startMs,
        receivedMs: startMs + 9_000,
        more: 0,
        signals,
        bucket: {
          version: 1,
          reporter: member,
          start_ms: startMs,
          duration_ms: 10_000,
          observations: rows.length,
          services: ends.map((id) => ({ id, name: id, inside: true, first_seen_ms: startMs, listeners: [] })),
          dependencies: rows,
        },
      };
    },
  };

  function rowOf(
    source: number,
    target: number,
    protocol: BucketDependency['protocol'],
    evidence: BucketDependency['evidence'],
    startMs: number,
  ): BucketDependency {
    const requests = 1 + below(50);
    return {
      source,
      target,
      protocol,
      evidence,
      ...(below(8) === 0 && { filter: 'health_check' }),
      requests,
      client_errors: 0,
      server_errors: below(4),
      client_gone: 0,
      transport_failures: 0,
      bytes_sent: below(1_000),
      bytes_received: below(1_000),
      latency_sum_ms: requests * (0.1 + below(20)),
      latency_count: requests,
      latency_max_ms: 40,
      api_requests: below(2),
      unjudged: 0,
      first_seen_ms: startMs + below(4_000),
      last_seen_ms: startMs + 4_000 + below(5_000),
      latency: [200 + below(60), requests],
    };
  }

  function signalsOf(
    source: string,
    target: string,
    protocol: string,
    evidence: TrafficSignals['evidence'],
  ): TrafficSignals {
    const tuple = `10.0.0.${1 + below(3)}:${4_000 + below(3)}>10.0.0.${1 + below(3)}:5432`;
    return {
      source,
      target,
      protocol,
      evidence,
      rtt_floor_ms: 0.1 + below(5),
      rtt_ms: 0.3 + below(5),
      connections: 1 + below(3),
      bytes_sent: below(1_000),
      ...(below(2) === 0 && { tuples: [tuple] }),
    };
  }
}
