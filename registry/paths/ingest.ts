import { describeInvalid } from '@netring/contract/error';
import { pathTotals, reportEnvelope, type PathTotals, type Refusal } from '@netring/contract/report';
import type { SignedAnswer } from '@netring/contract/proof';
import { appended, type StoreClock } from '../changes/index.ts';
import { groups, type Directory, type Spoken } from '../membership/index.ts';
import type { Store } from '../store/index.ts';
import type { PathBook, ReportTime } from './path-book.ts';
import type { StoredReport } from './stored-report.ts';
import { encodeReport, totalsGroup, totalsKey, totalsKeptMs } from './stored-report.ts';
import { isWellFormed } from './well-formed.ts';
import { bucketsKept } from './window.ts';

/** The paths room's entry of the change log. `by`: the replica that took it, and has folded it already. */
export interface ReportChange {
  kind: 'report';
  by: string;
  id: string;
  key: string;
  atMs: number;
}

/** A report that was understood: the records that are right, and why the others are not. */
export interface ReadReport {
  envelope: Omit<StoredReport, 'paths'> & { proofs: SignedAnswer[] };
  /** What came along and is not this room's: to be judged one by one, and not kept with the totals. */
  traces: unknown[];
  bandwidth: unknown[];
  traffic: unknown[];
  inventory: unknown;
  requests: unknown;
  paths: PathTotals[];
  refused: Refusal[];
}

export type Read =
  | { outcome: 'read'; report: ReadReport }
  | { outcome: 'invalid'; answer: ReturnType<typeof describeInvalid> };

/** As the schema of the envelope says. */
const mostRecords = 5000;

/** Judges a report: the envelope as a whole, the records one by one. */
export function readReport(body: unknown): Read {
  const records = recordsOf(body);
  const envelope = reportEnvelope.safeParse(
    records === undefined ? body : { ...(body as object), paths: [] },
  );
  if (!envelope.success) return { outcome: 'invalid', answer: describeInvalid(envelope.error) };
  const { instance_id, boot, seq, now_ms, bucket, proofs, self } = envelope.data;
  const { traces = [], bandwidth = [], traffic = [], inventory, requests } = envelope.data;
  const paths: PathTotals[] = [];
  const refused: Refusal[] = [];
  for (const [index, record] of (records ?? envelope.data.paths).entries()) {
    if (isWellFormed(record)) {
      paths.push(record);
      continue;
    }
    const parsed = pathTotals.safeParse(record);
    if (parsed.success) paths.push(parsed.data);
    else refused.push(refusalOf(index, describeInvalid(parsed.error)));
  }
  return {
    outcome: 'read',
    report: {
      envelope: { instance_id, boot, seq, now_ms, bucket, self, proofs: proofs ?? [] },
      traces,
      bandwidth,
      traffic,
      inventory,
      requests,
      paths,
      refused,
    },
  };
}

/** The records, where there is nothing to say against the list as such: the schema would look at each of them too. */
function recordsOf(body: unknown): unknown[] | undefined {
  if (typeof body !== 'object' || body === null || !('paths' in body)) return undefined;
  const { paths } = body;
  return Array.isArray(paths) && paths.length <= mostRecords ? paths : undefined;
}

function refusalOf(index: number, { error }: ReturnType<typeof describeInvalid>): Refusal {
  return { index, ...(error.field === undefined ? {} : { field: error.field }), reason: error.message };
}

/** What became of a report. An old one was taken before. */
export type Taken = Spoken | { outcome: 'old' };

/** Takes reports: one atomic step into the store, then into this replica's own picture. */
export interface Ingest {
  /** @param raw the body as it came, when it holds nothing that was refused: it is stored as it is. */
  take(report: ReadReport, raw: Uint8Array | undefined, session: string): Promise<Taken>;
}

export function createIngest(
  store: Store,
  clock: StoreClock,
  directory: Directory,
  book: PathBook,
  replica: string,
): Ingest {
  return {
    async take({ envelope, paths }, raw, session) {
      const { instance_id: id, boot, seq, bucket } = envelope;
      const receivedMs = Math.round(clock.nowMs());
      const group = totalsGroup(id);
      const key = totalsKey(boot, bucket.n);
      const change: ReportChange = { kind: 'report', by: replica, id, key, atMs: receivedMs };
      const committed = await store.commit({
        require: [{ group: groups.sessions, key: id, equals: session }],
        newer: { group, key: `seq:${boot}`, order: seq, ttlMs: totalsKeptMs },
        put: [
          { group, key, value: encodeReport(receivedMs, raw, envelope, paths), ttlMs: totalsKeptMs },
          { group: groups.seen, key: id, value: String(receivedMs) },
        ],
        remove: [{ group, key: totalsKey(boot, bucket.n - bucketsKept) }],
        append: appended(change),
      });
      if (committed.outcome === 'old') return { outcome: 'old' };
      if (committed.outcome === 'refused') {
        return { outcome: committed.found === undefined ? 'unknown_member' : 'wrong_session' };
      }
      directory.saw(id, receivedMs);
      fold(book, { ...envelope, paths }, receivedMs);
      return { outcome: 'ok' };
    },
  };
}

/** Where the times of a report stand on the store's clock. */
function timeOf(report: StoredReport, receivedMs: number): ReportTime {
  const { instance_id: id, boot, seq, bucket, now_ms: sentMs } = report;
  return { id, boot, n: bucket.n, seq, startedMs: bucket.started_ms, sentMs, receivedMs };
}

/** A member was starved when so many of its own results were void, or its probes' timers so late. */
const starvedFrom = { voidRatio: 0.1, delayMs: 250 };

/** Folds a whole report that came at `receivedMs` on the store's clock. */
export function fold(book: PathBook, report: StoredReport, receivedMs: number): void {
  const time = timeOf(report, receivedMs);
  let checks = 0;
  let voided = 0;
  for (const totals of report.paths) {
    book.take(time, totals);
    checks += totals.checks;
    voided += totals.voided;
  }
  if (report.self) book.noteSelf(report.instance_id, report.self, receivedMs);
  const delayMs = report.self?.event_loop_delay_ms ?? 0;
  if (voided > starvedFrom.voidRatio * (checks + voided) || delayMs >= starvedFrom.delayMs)
    book.noteUnfit(report.instance_id, receivedMs);
}
