import { endOf } from '@netring/contract/end';
import type { TrafficSignals } from '@netring/contract/traffic';
import type { BucketService, Evidence, Protocol } from '@netring/topology';
import type { StoredState } from '../states/index.ts';
import type { Recognised, ResolvedRow, Resolver } from './resolver.ts';
import { sameDependency, sameEnd, sameSignals } from './same.ts';

/** The rows of a state, and what the rows of its next revision are held against. */
export interface MadeRows {
  state: StoredState;
  rows: ResolvedRow[];
  /** By the place of the dependency in the state; absent where an end was not recognised. */
  ofDependency: (ResolvedRow | undefined)[];
  /** Signals as they are in the rows, by the place they have in the state. */
  signals: TrafficSignals[];
  /** Rows of signals alone, by their key. */
  ofSignals: Map<string, ResolvedRow>;
}

const noPorts: ReadonlySet<number> = new Set();

/**
 * Recognises the ends of a state's rows. A row that is as it was in the revision before stays the same object, so that
 * whoever sums them up needs to look at the others only.
 */
export function makeRows(
  state: StoredState,
  members: ReadonlySet<string>,
  end: Resolver['end'],
  before?: MadeRows,
): MadeRows {
  const { bucket, member, startMs } = state;
  const atMs = startMs + bucket.duration_ms / 2;
  const shiftMs = startMs - bucket.start_ms;
  const signals = state.signals.map((one, at) => {
    const known = before?.signals[at];
    return known !== undefined && sameSignals(known, one) ? known : one;
  });
  const left = new Map(signals.map((one) => [rowKey(one), one]));
  const made: MadeRows = { state, rows: [], ofDependency: [], signals, ofSignals: new Map() };
  const known = before && earlierRows(before);

  for (const [at, one] of bucket.dependencies.entries()) {
    const [from, to] = [bucket.services[one.source], bucket.services[one.target]] as [
      BucketService,
      BucketService,
    ];
    const { protocol, evidence, filter } = one;
    const source = end(member, from.id, true, protocol, atMs);
    const target = end(member, to.id, false, protocol, atMs);
    made.ofDependency.push(undefined);
    if (source === undefined || target === undefined) continue;
    const key = rowKey({ source: from.id, target: to.id, protocol, evidence });
    const own = filter === undefined ? left.get(key) : undefined;
    if (own !== undefined) left.delete(key);
    const row: ResolvedRow = {
      source,
      target,
      protocol,
      evidence,
      ...sideOf(from.id, evidence),
      ...(filter !== undefined && { filter }),
      counts: one,
      ...(own && { signals: own }),
      firstSeenMs: one.first_seen_ms + shiftMs,
      lastSeenMs: one.last_seen_ms + shiftMs,
      members,
      ports: portsOf(target, to, protocol),
    };
    add(known?.(at, key, filter), row, at);
  }
  for (const [key, own] of left) {
    const source = end(member, own.source, true, own.protocol, atMs);
    const target = end(member, own.target, false, own.protocol, atMs);
    if (source === undefined || target === undefined) continue;
    const { protocol, evidence } = own;
    const times = { firstSeenMs: startMs, lastSeenMs: Math.min(state.receivedMs, startMs + 9_999) };
    const row = {
      source,
      target,
      protocol,
      evidence,
      ...sideOf(own.source, evidence),
      signals: own,
      ...times,
      members,
      ports: portOf(target),
    };
    const kept = keptRow(before?.ofSignals.get(key), row);
    made.rows.push(kept);
    made.ofSignals.set(key, kept);
  }
  return made;

  function add(earlier: ResolvedRow | undefined, row: ResolvedRow, at: number): void {
    const kept = keptRow(earlier, row);
    made.rows.push(kept);
    made.ofDependency[at] = kept;
  }
}

/** The row of before where nothing about it has changed. */
function keptRow(earlier: ResolvedRow | undefined, row: ResolvedRow): ResolvedRow {
  if (earlier === undefined || earlier.signals !== row.signals) return row;
  const isSame =
    sameEnd(earlier.source, row.source) &&
    sameEnd(earlier.target, row.target) &&
    earlier.firstSeenMs === row.firstSeenMs &&
    earlier.lastSeenMs === row.lastSeenMs &&
    sameDependency(earlier.counts, row.counts) &&
    samePorts(earlier.ports, row.ports);
  return isSame ? earlier : row;
}

function samePorts(a: ReadonlySet<number>, b: ReadonlySet<number>): boolean {
  if (a.size !== b.size) return false;
  for (const port of a) if (!b.has(port)) return false;
  return true;
}

/** Members tell of dependencies in one order, mostly: looked for at the same place, then by what they are. */
function earlierRows({ state, ofDependency }: MadeRows) {
  const { dependencies, services } = state.bucket;
  const keyAt = (at: number): string | undefined => {
    const one = dependencies[at];
    if (one === undefined) return undefined;
    const [from, to] = [services[one.source]?.id ?? '', services[one.target]?.id ?? ''];
    const { protocol, evidence, filter } = one;
    return `${rowKey({ source: from, target: to, protocol, evidence })}\n${filter ?? ''}`;
  };
  let byKey: Map<string, number> | undefined;
  return (at: number, key: string, filter: string | undefined): ResolvedRow | undefined => {
    const whole = `${key}\n${filter ?? ''}`;
    if (keyAt(at) === whole) return ofDependency[at];
    byKey ??= new Map(dependencies.map((_, place) => [keyAt(place) as string, place]));
    const place = byKey.get(whole);
    return place === undefined ? undefined : ofDependency[place];
  };
}

function rowKey(one: { source: string; target: string; protocol: string; evidence: string }): string {
  return `${one.source}\n${one.target}\n${one.protocol}\n${one.evidence}`;
}

/** Who is called knows of its caller no more than the address; who calls is known by itself. */
function sideOf(source: string, evidence: Evidence): Pick<ResolvedRow, 'side'> {
  if (evidence !== 'log' && evidence !== 'span') return {};
  const end = endOf(source);
  return end?.kind === 'address' && end.port === undefined ? { side: 'callee' } : {};
}

function portOf({ port }: Recognised): ReadonlySet<number> {
  return port === undefined ? noPorts : new Set([port]);
}

function portsOf(target: Recognised, service: BucketService, protocol: Protocol): ReadonlySet<number> {
  if (target.port !== undefined) return portOf(target);
  if (service.listeners.length === 0) return noPorts;
  return new Set(service.listeners.filter((one) => one.protocol === protocol).map(({ port }) => port));
}
