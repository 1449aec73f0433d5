import { describe, expect, test } from 'vitest';
import type { Progress } from './bandwidth-rate.ts';
import { judge, type Evidence, type Sight } from './bandwidth-verdict.ts';

const bytesPerMs = 12_500;

interface Case {
  seconds?: number;
  rate?: (atMs: number) => number;
  sight?: Partial<Sight>;
  loadedRttMs?: number;
  /** The queue runs empty every now and then. */
  empties?: boolean;
  /** Segments sent again, each second. */
  resent?: number;
  canGrow?: boolean;
  isLast?: boolean;
}

function evidence({
  seconds = 4,
  rate = () => bytesPerMs,
  sight = {},
  loadedRttMs = 20.5,
  empties = false,
  resent = 0,
}: Case): Evidence {
  const times = Array.from({ length: seconds * 20 }, (_, at) => (at + 1) * 50);
  let bytes = 0;
  const progress: Progress[] = times.map((atMs) => ({ atMs, bytes: (bytes += 50 * rate(atMs)) }));
  const quiet = { senderBusy: 0.1, receiverBusy: 0.1, senderLateMs: 0.1, receiverLateMs: 0.1 };
  return {
    progress,
    sights: times.map((atMs) => ({ atMs, ...quiet, resent: (atMs / 1000) * resent, ...sight })),
    echoes: times.map((atMs, at) => ({ atMs, rttMs: empties && at % 5 === 0 ? 20.5 : loadedRttMs })),
    idleRttMs: 20,
    nowMs: seconds * 1000,
    startedMs: 0,
  };
}

describe('what is said of a direction', () => {
  test.each<[string, Case, string]>([
    ['too early', { seconds: 1, loadedRttMs: 60 }, 'go on'],
    ['a queue shows a full path', { loadedRttMs: 60 }, 'ok path 100'],
    ['so do segments sent again', { resent: 100 }, 'ok path 100'],
    ['a few of them do not', { resent: 1 }, 'more streams'],
    ['nothing shows it, and no more streams may be opened', { canGrow: false }, 'inconclusive'],
    ['a busy sender', { sight: { senderBusy: 0.95 }, loadedRttMs: 60, empties: true }, 'ok sender 100'],
    [
      'a sender whose timers are late',
      { sight: { senderLateMs: 15 }, loadedRttMs: 60, empties: true },
      'ok sender 100',
    ],
    [
      'the same, and the queue never runs empty',
      { sight: { senderLateMs: 15 }, loadedRttMs: 60 },
      'ok path 100',
    ],
    ['a busy receiver', { sight: { receiverBusy: 0.95 }, loadedRttMs: 60, empties: true }, 'ok receiver 100'],
    [
      'late timers explain a late echo',
      { sight: { senderLateMs: 7 }, loadedRttMs: 30, empties: true },
      'more streams',
    ],
    [
      'rising to the end of its time',
      { rate: (at) => at * 3, isLast: true, loadedRttMs: 60 },
      'inconclusive',
    ],
    ['over within slow start', { seconds: 1, rate: (at) => 2 ** (at / 50), isLast: true }, 'inconclusive'],
    [
      'wavering a little to the end of its time',
      { rate: (at) => bytesPerMs * (1 + 0.06 * Math.sin(at / 700)), isLast: true, loadedRttMs: 60 },
      'ok path',
    ],
    [
      'wavering much',
      { rate: (at) => bytesPerMs * (1 + 0.5 * Math.sin(at / 700)), isLast: true, loadedRttMs: 60 },
      'inconclusive',
    ],
  ])('%s', (_, facts, expected) => {
    const verdict = judge(evidence(facts), facts.canGrow ?? true, facts.isLast ?? false);
    if (verdict.kind !== 'end') return expect(verdict.kind).toBe(expected);
    const { outcome, limited_by = '', mbps, reason } = verdict.finding;
    expect(`${outcome} ${limited_by} ${mbps ?? ''}`.trim()).toContain(expected);
    expect(reason === undefined).toBe(outcome === 'ok');
  });
});
