import { expect, test } from 'vitest';
import type { DependencyFacts, WindowFacts } from '../facts.ts';
import { emptyCell } from '../sums/index.ts';
import { createBlameJudge } from './judge.ts';
import { calm, simulate } from './simulated-dependency.ts';

/** Bytes to the callee and back in a window of 10 s, by the caller's sockets. */
type Carried = readonly [sent: number, received: number];

const well: Carried = [4_000, 20_000];
const silent: Carried = [4_000, 0];
const idle: Carried = [0, 0];

/** What is said after these windows, with twelve before in which all was well unless `before` says otherwise. */
function blameAfter(windows: readonly Carried[], before: Carried = well) {
  const measured = simulate({ ...calm, rttMs: 0.9 }, 1);
  const judge = createBlameJudge(measured);
  const seen: WindowFacts[] = [];
  const facts: DependencyFacts = { ...measured.pass().facts, windows: seen };
  let blame = judge.judge(facts, 0).blame;
  for (const [bytes_sent, bytes_received] of [...Array<Carried>(12).fill(before), ...windows]) {
    const { nowMs } = measured.pass();
    const counts = {
      ...emptyCell().counts,
      countedBy: 'caller' as const,
      requests: 2,
      bytes_sent,
      bytes_received,
      latency: [],
    };
    const sockets = { evidence: 'caller' as const, rtt_floor_ms: 0.9, rtt_ms: 1, connections: 4 };
    seen.push({ startMs: nowMs - 12_000, durationMs: 10_000, closed: true, counts, signals: [sockets] });
    blame = judge.judge(facts, nowMs).blame;
  }
  return blame;
}

test('who takes what is sent and answers nothing is blamed after two windows, and no longer after two good ones', () => {
  expect(blameAfter([silent]).verdict).not.toBe('application');
  const { verdict, reasons } = blameAfter([silent, silent]);
  expect([verdict, reasons[0]]).toEqual([
    'application',
    'application: payments answers nothing: 4000 bytes were sent to it within 10 s on 4 connections, and none came back',
  ]);
  expect(blameAfter([silent, silent, well]).verdict).toBe('application');
  expect(blameAfter([silent, silent, well, well]).verdict).not.toBe('application');
});

test('one request that takes long is not silence, and who never answers does as usual', () => {
  expect(blameAfter([silent, idle, idle]).verdict).not.toBe('application');
  expect(blameAfter([silent, silent], silent).verdict).not.toBe('application');
});
