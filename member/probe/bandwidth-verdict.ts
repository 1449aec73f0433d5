import type { BandwidthResult } from '@netring/contract/bandwidth';
import { flatness, lineOver, mbpsOf, meanOver, type Flatness, type Progress } from './bandwidth-rate.ts';

/** One look at how both ends are, beside the progress. */
export interface Sight {
  atMs: number;
  senderBusy: number;
  receiverBusy: number;
  senderLateMs: number;
  receiverLateMs: number;
  /** Segments sent again by the sender's machine so far. */
  resent: number | undefined;
}

export interface Echo {
  atMs: number;
  rttMs: number;
}

/** All that is known of one direction at one moment. Times are the source's clock, those of `progress` the receiver's. */
export interface Evidence {
  progress: readonly Progress[];
  sights: readonly Sight[];
  echoes: readonly Echo[];
  idleRttMs: number;
  nowMs: number;
  startedMs: number;
}

/** What to do next. */
export type Verdict =
  | { kind: 'go on' }
  /** The rate is flat, and nothing shows that the path is full: more streams may fill it. */
  | { kind: 'more streams' }
  | { kind: 'end'; finding: Finding };

export type Finding = Pick<BandwidthResult, 'outcome' | 'mbps' | 'limited_by' | 'reason' | 'loaded_rtt_ms'>;

/** A process that works so much of its time, or whose timers are so late, is what limits, not the path. */
const busyShare = 0.85;
const lateMs = 8;
/** A queue this much longer than without load is a full path. */
const queueMs = 3;
/** So many segments sent again of those that arrived show a full path as well: a queue may be short, or none. */
const resentShare = 0.0005;
const segmentBytes = 1448;
/** At the end of the time a rate whose last stretch moves less than this between its halves still counts. */
const wavering = 0.08;

/** Looks at a direction under way. @param canGrow whether more streams may still be opened */
export function judge(evidence: Evidence, canGrow: boolean, isLast: boolean): Verdict {
  const loadedMs = loadedRtt(evidence);
  const found = flatness(evidence.progress, loadedMs ?? evidence.idleRttMs);
  if (found.kind === 'flat') {
    const limit = limitOf(evidence, found, loadedMs);
    if (limit !== undefined || isLast) return { kind: 'end', finding: findingOf(found, limit, loadedMs) };
    return canGrow
      ? { kind: 'more streams' }
      : { kind: 'end', finding: findingOf(found, undefined, loadedMs) };
  }
  if (!isLast) return { kind: 'go on' };
  return { kind: 'end', finding: atTheEnd(evidence, found, loadedMs) };
}

function findingOf(
  found: Extract<Flatness, { bytesPerMs: number }>,
  limit: 'path' | 'sender' | 'receiver' | undefined,
  loadedMs: number | undefined,
): Finding {
  const loaded = loadedMs === undefined ? {} : { loaded_rtt_ms: rounded(loadedMs) };
  if (limit === undefined) {
    const reason =
      `flat at ${mbpsOf(found.bytesPerMs).toFixed(1)} Mbit/s, but neither a queue nor a loss ` +
      'shows that the path is full: the windows of sender or receiver may be';
    return { outcome: 'inconclusive', reason, ...loaded };
  }
  return { outcome: 'ok', mbps: mbpsOf(found.bytesPerMs), limited_by: limit, ...loaded };
}

function atTheEnd(evidence: Evidence, found: Flatness, loadedMs: number | undefined): Finding {
  const loaded = loadedMs === undefined ? {} : { loaded_rtt_ms: rounded(loadedMs) };
  if (found.kind === 'rising') {
    return { outcome: 'inconclusive', reason: 'the time was over within slow start', ...loaded };
  }
  const limit = limitOf(evidence, found, loadedMs);
  if (limit === undefined || isWavering(evidence.progress, found)) {
    const reason = 'the rate did not become steady in the time there was';
    return { outcome: 'inconclusive', reason, ...loaded };
  }
  return findingOf(found, limit, loadedMs);
}

/** Whether the two halves of the last stretch differ, or much of it stood still. */
function isWavering(
  progress: readonly Progress[],
  found: Extract<Flatness, { bytesPerMs: number }>,
): boolean {
  const stretch = progress.filter(({ atMs }) => atMs >= found.fromMs);
  const middleAt = Math.floor(stretch.length / 2);
  const [early, late] = [lineOver(stretch.slice(0, middleAt)), lineOver(stretch.slice(middleAt))];
  const differ = Math.abs(early - late) > wavering * found.bytesPerMs;
  return differ || meanOver(stretch) < (1 - wavering) * found.bytesPerMs;
}

/** What bounded the rate in the flat part; undefined when nothing shows it. */
function limitOf(
  { sights, progress, idleRttMs, nowMs, echoes }: Evidence,
  found: Extract<Flatness, { bytesPerMs: number }>,
  loadedMs: number | undefined,
): 'path' | 'sender' | 'receiver' | undefined {
  const lengthMs = (progress.at(-1)?.atMs ?? found.fromMs) - found.fromMs;
  const flat = sights.filter(({ atMs }) => atMs >= nowMs - lengthMs);
  const senderLateMs = middle(flat.map((one) => one.senderLateMs));
  const receiverLateMs = middle(flat.map((one) => one.receiverLateMs));
  // A queue that never runs empty: the path is full, however late the ends are, since their kernels hold enough.
  const quickest = at(
    0.1,
    echoes.filter(({ atMs }) => atMs >= nowMs - lengthMs).map(({ rttMs }) => rttMs),
  );
  if (quickest - idleRttMs > queueMs + 0.03 * idleRttMs + senderLateMs + receiverLateMs) return 'path';
  if (middle(flat.map((one) => one.senderBusy)) > busyShare || senderLateMs > lateMs) return 'sender';
  if (middle(flat.map((one) => one.receiverBusy)) > busyShare || receiverLateMs > lateMs) return 'receiver';
  // An echo waits for both event loops as well: that is no queue.
  const noiseMs = Math.max(queueMs, 0.03 * idleRttMs) + 2 * (senderLateMs + receiverLateMs);
  if (loadedMs !== undefined && loadedMs - idleRttMs > noiseMs) return 'path';
  const resent = (flat.at(-1)?.resent ?? 0) - (flat[0]?.resent ?? 0);
  const segments = (found.bytesPerMs * lengthMs) / segmentBytes;
  return resent > Math.max(3, resentShare * segments) ? 'path' : undefined;
}

/** The middle of the round trips of the last second, or of the last few where they are long. */
function loadedRtt({ echoes, nowMs, startedMs }: Evidence): number | undefined {
  const recent = echoes.filter(({ atMs }) => atMs >= Math.max(startedMs, nowMs - 1000));
  return recent.length < 3 ? undefined : middle(recent.map(({ rttMs }) => rttMs));
}

function middle(values: readonly number[]): number {
  return at(0.5, values);
}

function at(share: number, values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(share * sorted.length)] ?? 0;
}

function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
