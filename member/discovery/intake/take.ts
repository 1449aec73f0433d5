import type { TrafficObservation } from '@netring/topology';
import type { Collector, SourceBook } from '../collector.ts';
import { readObservation, unknownFields, type Objection } from './observation.ts';
import type { RawRecord } from './records.ts';

/** Refusals that an answer names; all are counted. */
export const mostRefusalsNamed = 100;

export interface Taken {
  taken: number;
  refused: number;
  /** The first ones, by the index in what was sent. */
  refusals: { index: number; field?: string; reason: string }[];
  /** Fields that mean nothing here, in how many observations taken; absent when there were none. */
  ignored_fields?: Record<string, number>;
}

/** Of names that somebody chose, so many are told, and so much of each. */
const mostFieldsNamed = 20;
const longestFieldName = 64;

/** Counts what is not understood: an observation is worth taking without it, and its sender is to know. */
function noteFields(counts: Map<string, number>, value: unknown): void {
  for (const name of unknownFields(value)) {
    const short = name.slice(0, longestFieldName);
    const before = counts.get(short);
    if (before !== undefined || counts.size < mostFieldsNamed) counts.set(short, (before ?? 0) + 1);
  }
}

/** What the mapper says, for people. */
const inWords: Readonly<Record<string, { field?: string; reason: string }>> = {
  too_old: { field: 'timestamp_ms', reason: 'timestamp_ms: is too long ago to be counted' },
  in_future: {
    field: 'timestamp_ms',
    reason: 'timestamp_ms: lies more than ten seconds ahead of this machine',
  },
  bad_source: { field: 'source.host', reason: 'source.host: must be a host name or an address' },
  bad_destination: {
    field: 'destination.host',
    reason: 'destination.host: must be a host name or an address',
  },
  too_many_dependencies: { reason: 'this member tells no more dependencies apart' },
};

/** Hands records in one by one: a bad one takes no other with it. */
export function takeRecords(collector: Collector, book: SourceBook, records: readonly RawRecord[]): Taken {
  const answer: Taken = { taken: 0, refused: 0, refusals: [] };
  const ignored = new Map<string, number>();
  let newestMs = -Infinity;
  const refuse = (index: number, { code, field, reason }: Objection) => {
    answer.refused++;
    book.rejected(code);
    if (answer.refusals.length < mostRefusalsNamed)
      answer.refusals.push({ index, ...(field === undefined ? {} : { field }), reason });
  };
  for (const [index, record] of records.entries()) {
    if (record.kind === 'not_json') {
      refuse(index, { code: 'not_json', reason: 'is not JSON' });
      continue;
    }
    const read = readObservation(record.value);
    if (read.kind === 'refused') {
      refuse(index, read.objection);
      continue;
    }
    const { observation } = read;
    const outcome = collector.observe(observation);
    if (outcome !== 'taken') {
      refuse(index, { code: outcome, ...(inWords[outcome] ?? { reason: outcome }) });
      continue;
    }
    answer.taken++;
    noteFields(ignored, record.value);
    newestMs = Math.max(newestMs, observation.timestamp_ms);
    showLive(collector, observation);
  }
  if (answer.taken > 0) book.taken(answer.taken, newestMs);
  return ignored.size === 0 ? answer : { ...answer, ignored_fields: Object.fromEntries(ignored) };
}

/** What looks like a request is one of the live picture. */
function showLive(collector: Collector, observation: TrafficObservation): void {
  const { source, destination, method, path, status_code, latency_ms } = observation;
  if (method === undefined && path === undefined && status_code === undefined) return;
  const from = source.service ?? collector.callerId(source.host, source.network);
  const to =
    destination.service ?? collector.calleeId(destination.host, destination.port, destination.network);
  if (collector.skipsRequest(from, to)) return;
  collector.request({
    at_ms: observation.timestamp_ms,
    source: from,
    target: to,
    ...(destination.network !== undefined && { network: destination.network }),
    ...(method !== undefined && { method }),
    ...(path !== undefined && { path }),
    ...(status_code !== undefined && { status: status_code }),
    ...(latency_ms !== undefined && { duration_ms: latency_ms }),
  });
}
