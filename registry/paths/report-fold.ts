import type { ChangeEntry, Fold } from '../changes/index.ts';
import type { Directory } from '../membership/index.ts';
import type { Store } from '../store/index.ts';
import { fold, type ReportChange } from './ingest.ts';
import type { PathBook } from './path-book.ts';
import { decodeReport, totalsGroup } from './stored-report.ts';

/** Keeps the path book current with what *other* replicas take, and rebuilds it from the tables. */
export function createReportFold(book: PathBook, directory: Directory, replica: string): Fold {
  return {
    async load(store) {
      book.clear();
      for (const { record } of directory.all()) {
        const values = await store.table.list(totalsGroup(record.instance_id));
        for (const [key, value] of values) if (!key.startsWith('seq:')) foldValue(book, value);
      }
    },
    async apply(entries, store) {
      const others = entries.filter(isReport).filter((entry) => entry.by !== replica);
      for (const value of await newest(store, others)) if (value !== undefined) foldValue(book, value);
      for (const entry of others) directory.saw(entry.id, entry.atMs);
      for (const entry of entries) forget(book, entry);
    },
  };
}

function isReport(entry: ChangeEntry): entry is ReportChange {
  return entry.kind === 'report';
}

/** The state that the entries speak of; each bucket once, however often it was reported. */
function newest(store: Store, entries: readonly ReportChange[]): Promise<(Buffer | undefined)[]> {
  const wanted = new Map(entries.map((entry) => [`${entry.id}\n${entry.key}`, entry]));
  return store.table.getMany(
    [...wanted.values()].map((entry) => ({ group: totalsGroup(entry.id), key: entry.key })),
  );
}

function foldValue(book: PathBook, value: Buffer): void {
  const { receivedMs, report } = decodeReport(value);
  fold(book, report, receivedMs);
}

/** Paths of a member that said goodbye, or is kept no longer, are nobody's any more. */
function forget(book: PathBook, entry: ChangeEntry): void {
  if (entry.kind === 'forgotten') {
    for (const id of (entry as ChangeEntry & { ids: string[] }).ids) dropMember(book, id);
  }
  if (entry.kind === 'member') {
    const { record } = entry as ChangeEntry & {
      record: { instance_id: string; deregistered_at_ms?: number };
    };
    if (record.deregistered_at_ms !== undefined) dropMember(book, record.instance_id);
  }
}

function dropMember(book: PathBook, id: string): void {
  book.drop(id);
  for (const source of book.sources()) book.drop(source, id);
}
