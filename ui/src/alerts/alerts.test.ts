import { describe, expect, test } from 'vitest';
import type { Alert, Incident } from '@netring/contract/alert';
import { byIncident } from './by-incident.ts';
import { draftFor, matchedNow, noDraft, requestOf, timesOf } from './silence-form.ts';
import { whatIfBasis, whatIfSentence, wouldBeWords } from './what-if-words.ts';

const alert = (id: string, but: Partial<Alert> = {}): Alert => ({
  id,
  rule: 'loss',
  severity: 'warning',
  state: 'firing',
  subject: { source_location: 'us1', target_location: 'eu1' },
  summary: id,
  pending_since_ms: 0,
  silenced_by: [],
  ...but,
});
const incident = (id: string): Incident => ({
  id,
  cause: { kind: 'location', subject: { location: 'us1' } },
  severity: 'warning',
  state: 'open',
  summary: id,
  started_ms: 0,
  changed_ms: 0,
  alerts: [],
  silenced: false,
});

test('alerts with one cause together, those without one last; an incident that is not known is none', () => {
  const alerts = [
    alert('a'),
    alert('b', { incident: 'i' }),
    alert('c', { incident: 'gone' }),
    alert('d', { incident: 'j' }),
    alert('e', { incident: 'i' }),
  ];
  const groups = byIncident(alerts, [incident('j'), incident('i')]);
  expect(groups.map(({ incident: of, alerts: own }) => [of?.id, own.map(({ id }) => id).join('')])).toEqual([
    ['i', 'be'],
    ['j', 'd'],
    [undefined, 'ac'],
  ]);
});

describe('a silence', () => {
  const alerts = [
    alert('a'),
    alert('b', { state: 'resolved' }),
    alert('c', { subject: { source_location: 'us2', target_location: 'eu1' } }),
  ];
  const draft = { ...draftFor(alerts[0] as Alert, 'ann'), comment: ' new card ' };

  test('for an alert matches it, and not what is over or elsewhere', () => {
    expect(matchedNow(draft, alerts).map(({ id }) => id)).toEqual(['a']);
    expect(matchedNow({ matcher: { location: 'us*' } }, alerts).map(({ id }) => id)).toEqual(['a', 'c']);
    expect(matchedNow(noDraft, alerts)).toEqual([]);
  });

  test('is asked for with what was entered, and only that', () => {
    expect(requestOf(draft, 1_000)).toEqual({
      kind: 'silence',
      matcher: { source_location: 'us1', target_location: 'eu1', rule: 'loss' },
      duration_ms: 7_200_000,
      comment: 'new card',
      author: 'ann',
    });
    expect(requestOf({ ...draft, inMinutes: 30, author: ' ' }, 1_000)).toMatchObject({ from_ms: 1_801_000 });
  });

  test.for([
    [{ comment: ' ' }, /why/],
    [{ matcher: noDraft.matcher }, /what it matches/],
    [{ forMinutes: Number.NaN }, /how long/],
  ] as const)('without %j says what is missing', ([but, says]) => {
    expect(requestOf({ ...draft, ...but }, 0)).toMatch(says);
  });

  test('tells until when, or when it begins', () => {
    const one = { id: 's', kind: 'silence', matcher: {}, comment: '', created_ms: 0 } as const;
    expect(timesOf({ ...one, from_ms: 0, to_ms: 7_200_000 }, 3_600_000)).toMatch(/^until .*, for 1 h more$/);
    expect(timesOf({ ...one, from_ms: 60_000, to_ms: 3_660_000 }, 0)).toMatch(/^begins .*, for 1 h$/);
  });
});

test('what would have fired, in words', () => {
  const answer = {
    now_ms: 86_400_000,
    from_ms: 0,
    rule: 'loss',
    threshold: 0.015,
    for_ms: 120_000,
    alerts: [],
    count: 3,
    present: { threshold: 0.05, count: 1 },
    members: { looked: 48, all: 1000 },
    step_ms: 300_000,
    not_kept: [],
  } as const;
  const mutable = { ...answer, alerts: [], not_kept: [] };
  expect(whatIfSentence(mutable)).toMatch(
    /^With a threshold of 1.5 %, 3 alerts would .*; with the present one, 5 %: 1\.$/,
  );
  expect(whatIfBasis(mutable)).toMatch(/48 of 1000 members in steps of 5 min, told after 2 min/);
  const one = { subject: { source_location: 'a', target_location: 'b' }, from_ms: 3_600_000, value: 0.08 };
  expect(wouldBeWords(one, mutable)).toMatchObject({
    value: '8 %',
    when: expect.stringMatching(/23 h, would fire still$/) as string,
  });
});
