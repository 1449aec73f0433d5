import { endId } from '@netring/contract/end';
import type { Inventory } from '@netring/contract/inventory';
import type { TrafficSignals } from '@netring/contract/traffic';
import type { MemberInventory } from '@netring/registry/traffic/identity/index';
import type { StoredState } from '@netring/registry/traffic/states/index';
import type { BucketDependency, Histogram } from '@netring/topology';

/** A ring of members whose services call each other, and what its members report. */
export interface GraphScene {
  members: readonly { id: string; location: string }[];
  inventories: readonly MemberInventory[];
  dependencies: number;
  /** What a member would report of a bucket so far: `share` of it differs from the revision before. */
  stateOf(
    member: number,
    startMs: number,
    revision: number,
    changing: (dependency: number) => boolean,
  ): StoredState;
}

const perMember = 20;
const locations = ['us1', 'us2', 'eu1', 'eu2', 'ap1'];
export const slotMs = 10_000;

interface Call {
  at: number;
  source: number;
  target: number;
}

/** So many services, twenty on each machine, and so many dependencies between them; the same each time. */
export function graphScene(services: number, dependencies: number): GraphScene {
  const members = Array.from({ length: Math.ceil(services / perMember) }, (_, at) => ({
    id: `m${at}`,
    location: locations[at % locations.length] as string,
    address: `10.${at % locations.length}.${at >> 8}.${at & 255}`,
  }));
  const calls: Call[] = Array.from({ length: dependencies }, (_, at) => ({
    at,
    source: at % services,
    target: (at * 7919 + Math.floor(at / services) * 104_729 + 1) % services,
  }));
  const machineOf = (service: number) => members[Math.floor(service / perMember)] as (typeof members)[number];
  const portOf = (service: number) => 8_000 + (service % perMember);
  const byCaller = members.map((one) => calls.filter(({ source }) => machineOf(source) === one));
  const byCallee = members.map((one) => calls.filter(({ target }) => machineOf(target) === one));

  function inventoryOf(at: number): Inventory {
    const { id, address } = members[at] as (typeof members)[number];
    const own = Array.from({ length: perMember }, (_, n) => at * perMember + n).filter((n) => n < services);
    return {
      host: { name: `host-${id}`, addresses: [address] },
      services: own.map((n) => ({
        name: `svc-${n}`,
        name_rule: 'process',
        start_mode: 'native',
        reach: 'host',
        listeners: [{ address: '0.0.0.0', port: portOf(n), transport: 'tcp' }],
      })),
      sources: [],
    };
  }

  return {
    members,
    dependencies: new Set(calls.map(({ source, target }) => `${source} ${target}`)).size,
    inventories: members.map(({ id, location }, at) => ({
      member: id,
      location,
      inventory: inventoryOf(at),
      time: { fromMs: 0, toMs: Infinity, isLive: true },
    })),
    stateOf(member, startMs, revision, changing) {
      const ends = new Map<string, number>();
      const endAt = (id: string) => {
        const known = ends.get(id) ?? ends.size;
        ends.set(id, known);
        return known;
      };
      const rows: BucketDependency[] = [];
      const signals: TrafficSignals[] = [];
      const named = (n: number) => endId({ kind: 'service', name: `svc-${n}` });
      const point = (n: number) => endId({ kind: 'address', host: machineOf(n).address, port: portOf(n) });
      for (const one of byCaller[member] ?? []) {
        const times = changing(one.at) ? revision : 1;
        const [from, to] = [named(one.source), point(one.target)];
        rows.push(rowOf(endAt(from), endAt(to), 'span', 'http', one, times, startMs));
        rows.push(rowOf(endAt(from), endAt(to), 'caller', 'tcp', one, times, startMs));
        signals.push(signalsOf(from, to, 'caller', times));
      }
      for (const one of byCallee[member] ?? []) {
        const times = changing(one.at) ? revision : 1;
        const from = endId({ kind: 'address', host: machineOf(one.source).address });
        rows.push(rowOf(endAt(from), endAt(named(one.target)), 'callee', 'tcp', one, times, startMs));
        signals.push(signalsOf(from, named(one.target), 'callee', times));
      }
      return {
        member: members[member]?.id ?? '',
        boot: 'boot',
        n: startMs / slotMs,
        revision,
        offsetMs: 0,
        startMs,
        receivedMs: startMs,
        more: 0,
        signals,
        bucket: {
          version: 1,
          reporter: members[member]?.id ?? '',
          start_ms: startMs,
          duration_ms: slotMs,
          observations: rows.length,
          services: [...ends.keys()].map((id) => ({
            id,
            name: id,
            inside: true,
            first_seen_ms: startMs,
            listeners: [],
          })),
          dependencies: rows,
        },
      };
    },
  };
}

function rowOf(
  source: number,
  target: number,
  evidence: BucketDependency['evidence'],
  protocol: BucketDependency['protocol'],
  { at }: Call,
  times: number,
  startMs: number,
): BucketDependency {
  const requests = 20 * times;
  const isTimed = evidence === 'span';
  const ms = 2 + (at % 50);
  return {
    source,
    target,
    protocol,
    evidence,
    requests,
    client_errors: 0,
    server_errors: 0,
    client_gone: 0,
    transport_failures: 0,
    bytes_sent: 500 * requests,
    bytes_received: 4_000 * requests,
    latency_sum_ms: isTimed ? ms * requests : 0,
    latency_count: isTimed ? requests : 0,
    latency_max_ms: isTimed ? ms * 1.5 : 0,
    api_requests: 0,
    unjudged: isTimed ? 0 : requests,
    first_seen_ms: startMs + 100,
    last_seen_ms: startMs + 9_000,
    latency: isTimed ? histogramOf(ms, requests) : [],
  };
}

/** Ten buckets, as requests of one kind spread. */
function histogramOf(ms: number, requests: number): Histogram {
  const first = Math.ceil(Math.log(ms * 800) / Math.log(1.02 / 0.98));
  return Array.from({ length: 10 }, (_, at) => [first + at, requests / 10]).flat();
}

function signalsOf(
  source: string,
  target: string,
  evidence: 'caller' | 'callee',
  times: number,
): TrafficSignals {
  return {
    source,
    target,
    protocol: 'tcp',
    evidence,
    rtt_floor_ms: 0.8,
    rtt_ms: 1.1,
    connections: 4,
    new_connections: 0,
    bytes_sent: 10_000 * times,
    bytes_retransmitted: 0,
    retransmits: 0,
    busy_ms: 100 * times,
    rwnd_limited_ms: 0,
  };
}
