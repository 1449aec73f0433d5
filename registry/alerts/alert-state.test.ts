import { describe, expect, test } from 'vitest';
import { isTold, step, type AlertMemories, type AlertMemory } from './alert-state.ts';
import { finding } from './finding.ts';
import type { Look, Standing } from './look.ts';
import type { Rule, Rules } from './rules.ts';

const rule: Rule = {
  name: 'loss',
  severity: 'warning',
  forMs: 10_000,
  threshold: 0,
  damping: { bad: 2, of: 5 },
};
const rules: Rules = new Map([[rule.name, rule]]);
const found = finding({
  rule: 'loss',
  subject: { source_location: 'a', target_location: 'b' },
  summary: 's',
});

/** One look a second: `x` bad, `.` good, `?` unknown, `-` gone, and digits for so many seconds in which nobody listened. */
function after(looks: string, from: AlertMemories = { active: new Map(), resolved: new Map() }, atMs = 0) {
  let memories = from;
  let nowMs = atMs;
  for (const sign of looks) {
    if (/\d/.test(sign)) {
      nowMs += Number(sign) * 1000;
      continue;
    }
    nowMs += 1000;
    const standing: Standing = sign === '?' ? 'unknown' : sign === '-' ? 'gone' : 'good';
    const look: Look = { bad: sign === 'x' ? [found] : [], standing: () => standing };
    memories = step(memories, look, rules, { nowMs, elapsedMs: 1000 });
  }
  const now = memories.active.get(found.id);
  return {
    memories,
    nowMs,
    now,
    state: now?.state ?? (memories.resolved.has(found.id) ? 'resolved' : 'none'),
  };
}

describe('an alert', () => {
  test.each([
    ['one bad look is watched', 'x', 'watched'],
    ['and was nothing when no other comes', 'x.....', 'none'],
    ['two of five are pending', 'x..x', 'pending'],
    ['that is over before its time was nothing', 'xxx.....', 'none'],
    ['it fires after its time', 'xxxxxxxxxxx', 'firing'],
    ['not before', 'xxxxxxxxxx', 'pending'],
    ['not at a moment at which it is well', 'xxxxxxxxxx..', 'pending'],
    ['but at the next bad one', 'xxxxxxxxxx..x', 'firing'],
    ['flapping does not end it', 'x.x.x.x.x.x.x.x.x.x.x', 'firing'],
    ['four good looks of five do', 'xxxxxxxxxxx....', 'resolved'],
    ['three do not', 'xxxxxxxxxxx...', 'firing'],
    ['what nobody knows of stays as it is', 'xxxxxxxxxxx??????????', 'firing'],
    ['and does not grow older', 'xxxxx?????xxxx', 'pending'],
    ['time in which nobody listened does not count', 'xxxxx99999xxxx', 'pending'],
    ['what fired and is gone is resolved at once', 'xxxxxxxxxxx-', 'resolved'],
    ['what pends and is gone was nothing', 'xxxxx-', 'none'],
  ])('%s: %s', (_, looks, state) => {
    expect(after(looks).state).toBe(state);
  });

  test.each<[Partial<AlertMemory>, boolean]>([
    [{ state: 'watched', quietMs: 0 }, false],
    [{ state: 'pending', quietMs: 0 }, true],
    [{ state: 'pending', quietMs: 5_000 }, true],
    [{ state: 'pending', quietMs: 6_000 }, false],
    [{ state: 'firing', quietMs: 20_000 }, true],
    [{ state: 'resolved', quietMs: 20_000 }, true],
  ])('%j is told: %s', (memory, told) => {
    expect(isTold({ ...(after('x').now as AlertMemory), ...memory })).toBe(told);
  });

  test('keeps the moment of its first bad look', () => {
    expect(after('..x..xxxxxxxxxxx').now).toMatchObject({ pendingSinceMs: 3000, state: 'firing' });
  });

  test('that comes back soon is over only when it was quiet for ten minutes', () => {
    const first = after(`${'x'.repeat(11)}....`);
    const again = after('x'.repeat(11), first.memories, first.nowMs);
    expect(again.now).toMatchObject({ state: 'firing', flaps: 1 });
    const quiet = after('.'.repeat(599), again.memories, again.nowMs);
    expect(quiet.state).toBe('firing');
    expect(after('.', quiet.memories, quiet.nowMs).state).toBe('resolved');
  });

  test('that comes back late is a new one', () => {
    const first = after(`${'x'.repeat(11)}....`);
    expect(after('x'.repeat(11), first.memories, first.nowMs + 700_000).now).toMatchObject({ flaps: 0 });
  });

  test('of a rule that was switched off is resolved', () => {
    const { memories } = after('x'.repeat(11));
    const look: Look = { bad: [found], standing: () => 'good' };
    const next = step(memories, look, new Map(), { nowMs: 20_000, elapsedMs: 1000 });
    expect([next.active.size, next.resolved.size]).toEqual([0, 1]);
  });

  test('that was resolved is forgotten after a day', () => {
    const { memories, nowMs } = after(`${'x'.repeat(11)}....`);
    const later = after('.', memories, nowMs + 24 * 3_600_000);
    expect(later.memories.resolved.size).toBe(0);
  });
});
