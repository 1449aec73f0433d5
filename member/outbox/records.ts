import type { BandwidthTest } from '@netring/contract/bandwidth';
import type { Trace } from '@netring/contract/trace';

/** What travels in a report beside the totals, each under its name there. A new kind is a line here and in the contract. */
export interface ReportRecords {
  traces: Trace;
  bandwidth: BandwidthTest;
}
export type RecordKind = keyof ReportRecords;
export const recordKinds = ['traces', 'bandwidth'] as const satisfies readonly RecordKind[];

/** The records of one report, kinds without any left out. */
export type RecordsToTell = { [K in RecordKind]?: ReportRecords[K][] };

/** A trace of thirty hops is 4 kB: a report stays small, and a backlog is over after a few. */
const perReport = 16;
/** Of each kind, told ones included: more than the targets traced in an interval, and below a megabyte. */
const kept = 256;

/** Records that the registry is told once, and again when it has lost them. */
export interface Records {
  add<K extends RecordKind>(kind: K, record: ReportRecords[K]): void;
  /** The oldest that have not been told. */
  toTell(): RecordsToTell;
  /** These are known now. */
  told(records: RecordsToTell): void;
  /** The registry has forgotten what it was told: what ended less than `ageMs` ago is told again. */
  forgetTold(ageMs: number): void;
  waiting(): number;
  /** Given up untold, since there were too many. */
  dropped(): number;
}

interface Kept {
  kind: RecordKind;
  record: ReportRecords[RecordKind];
  told: boolean;
}

/** @param now the clock that the records' times are on, milliseconds */
export function createRecords(now: () => number): Records {
  let all: Kept[] = [];
  let dropped = 0;
  return {
    add(kind, record) {
      all.push({ kind, record, told: false });
      const ofKind = all.filter((one) => one.kind === kind);
      if (ofKind.length <= kept) return;
      const oldest = ofKind.find((one) => one.told) ?? ofKind[0];
      if (oldest === undefined) return;
      if (!oldest.told) dropped++;
      all = all.filter((one) => one !== oldest);
    },
    toTell() {
      const next: Partial<Record<RecordKind, ReportRecords[RecordKind][]>> = {};
      for (const kind of recordKinds) {
        const untold = all.filter((one) => one.kind === kind && !one.told).slice(0, perReport);
        if (untold.length > 0) next[kind] = untold.map((one) => one.record);
      }
      return next as RecordsToTell;
    },
    told(records) {
      const known = new Set<unknown>(Object.values(records).flat());
      for (const one of all) if (known.has(one.record)) one.told = true;
    },
    forgetTold(ageMs) {
      const oldMs = now() - ageMs;
      for (const one of all) if (one.record.ended_ms > oldMs) one.told = false;
    },
    waiting: () => all.filter((one) => !one.told).length,
    dropped: () => dropped,
  };
}
