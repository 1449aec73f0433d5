import { expect, it } from 'vitest';
import { createBlameJudge, type PackedMemory } from './judge.ts';
import { calm, simulate, type Fault } from './simulated-dependency.ts';

const slow: Fault = { applicationMs: 40 };

/** Ten minutes of trouble, kept as it is in the store; `away` windows later a restarted registry judges. */
function restarted(away: number, between: Fault = slow) {
  const measured = simulate(calm, 9);
  const first = createBlameJudge(measured);
  const pass = (judge: typeof first, count: number, fault?: Fault) =>
    Array.from({ length: count }, () => {
      const { facts, nowMs } = measured.pass(fault);
      return judge.judge(facts, nowMs).blame;
    }).at(-1);
  pass(first, 20);
  const sinceMs = pass(first, 60, slow)?.since_ms;
  const kept = JSON.stringify([...first.pack()]);
  for (let at = 0; at < away; at++) measured.pass(between);
  const second = createBlameJudge(measured);
  for (const [id, packed] of JSON.parse(kept) as [string, PackedMemory][]) second.unpack(id, packed);
  return { sinceMs, second, pass };
}

it.each([0, 6])('tells since when trouble lasts after a restart that took %i windows', (away) => {
  const { sinceMs, second, pass } = restarted(away);
  const blame = pass(second, 3, slow);
  expect(blame?.verdict).toBe('application');
  expect(blame?.since_ms).toBe(sinceMs);
  // What is taken over is kept again.
  expect([...second.pack().values()][0]?.since?.own?.[0]).toBe(sinceMs);
});

it('begins anew after it was well, and after a long time', () => {
  for (const { sinceMs, second, pass } of [restarted(0), restarted(60)]) {
    pass(second, 6, {});
    expect(pass(second, 3, slow)?.since_ms).toBeGreaterThan(sinceMs ?? Infinity);
    expect(pass(second, 6, {})?.verdict).toBe('none');
  }
  const { sinceMs, second, pass } = restarted(60);
  expect(pass(second, 3, slow)?.since_ms).toBeGreaterThan(sinceMs ?? Infinity);
});
