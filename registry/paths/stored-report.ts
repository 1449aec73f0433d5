import type { PathTotals, ReportRequest } from '@netring/contract/report';

/** What of a report is kept, one value per member, boot and bucket. */
export type StoredReport = Pick<
  ReportRequest,
  'instance_id' | 'boot' | 'seq' | 'now_ms' | 'bucket' | 'self' | 'paths'
>;

/** A member's totals go when it has not reported for this long. */
export const totalsKeptMs = 15 * 60_000;

export function totalsGroup(id: string): string {
  return `totals:${id}`;
}

export function totalsKey(boot: string, n: number): string {
  return `${boot}:${n}`;
}

const newline = Buffer.from('\n');

/** A line with the moment it came, epoch milliseconds, then the report as JSON: as it came, where nothing was refused. */
export function encodeReport(
  receivedMs: number,
  raw: Uint8Array | undefined,
  envelope: Omit<StoredReport, 'paths'>,
  paths: readonly PathTotals[],
): Buffer {
  const body = raw ?? Buffer.from(JSON.stringify({ ...envelope, paths }));
  return Buffer.concat([Buffer.from(String(receivedMs)), newline, body]);
}

export function decodeReport(value: Buffer): { receivedMs: number; report: StoredReport } {
  const end = value.indexOf(10);
  const receivedMs = Number(value.toString('latin1', 0, end));
  return { receivedMs, report: JSON.parse(value.toString('utf8', end + 1)) as StoredReport };
}
