import { bandwidthTest, type BandwidthOfPath } from '@netring/contract/bandwidth';
import { describeInvalid } from '@netring/contract/error';
import type { BandwidthSummary } from '@netring/contract/path';
import type { Refusal } from '@netring/contract/report';
import { appended, type ChangeEntry, type Fold } from '../changes/index.ts';
import type { Directory } from '../membership/index.ts';
import type { Store } from '../store/index.ts';
import type { LastTest } from './choose.ts';
import { describeTests, lastOf, summaryOf, withTest, type PathTests, type Sent } from './test-book.ts';

/** The change log's entry of this part: the tests of one path as they are now. */
interface TestsChange extends ChangeEntry {
  kind: 'bandwidth';
  tests: PathTests;
}

/** The bandwidth tests of all paths: taken from reports, kept in the store, alike on all replicas. */
export interface Tests extends Fold {
  /** Judges the records of a report one by one, and takes the right ones. */
  take(source: string, records: readonly unknown[], sent: Sent): Promise<Refusal[]>;
  ofPath(source: string, target: string, nowMs: number): BandwidthOfPath;
  summary(source: string, target: string, nowMs: number): BandwidthSummary | undefined;
  last(source: string, target: string): LastTest;
  /** Of all member paths between two locations, or within one. */
  lastOfLocations(source: string, target: string): LastTest;
}

/** What nobody has tested for so long is forgotten. */
const keptMs = 24 * 3_600_000;
/** A source may have tested so many targets: as many as it may probe. */
const targetsPerSource = 4096;

const groupOf = (source: string) => `bandwidth:${source}`;

export function createTests(store: Store, directory: Directory): Tests {
  const bySource = new Map<string, Map<string, PathTests>>();
  const get = (source: string, target: string) => bySource.get(source)?.get(target);
  const set = (tests: PathTests) => {
    let targets = bySource.get(tests.source);
    if (targets === undefined) bySource.set(tests.source, (targets = new Map<string, PathTests>()));
    targets.set(tests.target, tests);
  };

  async function takeOne(source: string, record: unknown, sent: Sent): Promise<string | undefined> {
    const parsed = bandwidthTest.safeParse(record);
    if (!parsed.success) return describeInvalid(parsed.error).error.message;
    const { target } = parsed.data;
    // From the store: another replica may have taken the one before.
    const stored = await store.table.get(groupOf(source), target);
    if (stored === undefined && (bySource.get(source)?.size ?? 0) >= targetsPerSource)
      return 'too many targets';
    const before = stored && (JSON.parse(stored.toString()) as PathTests);
    const tests = withTest(before, source, parsed.data, sent);
    if (tests === undefined) return undefined;
    const change: TestsChange = { kind: 'bandwidth', tests };
    const put = [{ group: groupOf(source), key: target, value: JSON.stringify(tests), ttlMs: keptMs }];
    await store.commit({ put, append: appended(change) });
    set(tests);
    return undefined;
  }

  return {
    async load(from) {
      bySource.clear();
      for (const { record } of directory.all()) {
        const values = await from.table.list(groupOf(record.instance_id));
        for (const value of values.values()) set(JSON.parse(value.toString()) as PathTests);
      }
    },
    apply(entries) {
      for (const entry of entries) {
        if (entry.kind === 'bandwidth') set((entry as TestsChange).tests);
        for (const gone of goneIn(entry)) {
          bySource.delete(gone);
          for (const targets of bySource.values()) targets.delete(gone);
        }
      }
    },
    async take(source, records, sent) {
      const refused: Refusal[] = [];
      for (const [index, record] of records.entries()) {
        const reason = await takeOne(source, record, sent);
        if (reason !== undefined) refused.push({ of: 'bandwidth', index, reason });
      }
      return refused;
    },
    ofPath: (source, target, nowMs) => describeTests(get(source, target), nowMs),
    summary: (source, target, nowMs) => summaryOf(get(source, target), nowMs),
    last: (source, target) => ({ ...lastOf(get(source, target)), by: source }),
    lastOfLocations(source, target) {
      const found: LastTest = { validMs: 0, triedMs: 0, by: undefined };
      for (const [id, targets] of bySource) {
        if (directory.get(id)?.record.location !== source) continue;
        for (const tests of targets.values()) {
          if (directory.get(tests.target)?.record.location !== target) continue;
          const { validMs, triedMs } = lastOf(tests);
          if (triedMs > found.triedMs) found.by = id;
          found.validMs = Math.max(found.validMs, validMs);
          found.triedMs = Math.max(found.triedMs, triedMs);
        }
      }
      return found;
    },
  };
}

/** Members that are no longer kept, or said goodbye: their tests are nobody's any more. */
function goneIn(entry: ChangeEntry): string[] {
  if (entry.kind === 'forgotten') return (entry as ChangeEntry & { ids: string[] }).ids;
  if (entry.kind !== 'member') return [];
  const { record } = entry as ChangeEntry & { record: { instance_id: string; deregistered_at_ms?: number } };
  return record.deregistered_at_ms === undefined ? [] : [record.instance_id];
}
