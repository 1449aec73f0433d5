import type { AlertSubject, Matcher, Silence } from '@netring/contract/alert';
import { expect, test } from 'vitest';
import { matches } from '@netring/contract/silence-match';
import { silencesOf } from './silences.ts';

const path: AlertSubject = { source_location: 'eu1', target_location: 'us1' };
const member: AlertSubject = { location: 'eu1', instance_id: 'eu1-a' };

test.each<[Matcher, AlertSubject, boolean]>([
  [{ location: 'eu1' }, path, true],
  [{ location: 'us1' }, path, true],
  [{ location: 'us*' }, path, true],
  [{ location: 'ap*' }, path, false],
  [{ location: 'eu' }, path, false],
  [{ location: 'eu1' }, member, true],
  [{ source_location: 'us1' }, path, false],
  [{ source_location: 'eu1', target_location: 'us1' }, path, true],
  [{ rule: 'loss' }, path, true],
  [{ rule: 'member_down', location: 'eu1' }, path, false],
  [{ instance_id: 'eu1-*' }, member, true],
  [{ instance_id: 'eu1-*' }, path, false],
  [{ location: '*' }, {}, false],
])('%j matches %j: %s', (matcher, subject, expected) => {
  expect(matches(matcher, { rule: 'loss', subject })).toBe(expected);
});

test('a silence is in force from its beginning until its end', () => {
  const silence: Silence = {
    id: 's',
    kind: 'maintenance',
    matcher: { rule: 'loss' },
    from_ms: 10,
    to_ms: 20,
    comment: '',
    created_ms: 0,
  };
  const at = (nowMs: number) => silencesOf({ rule: 'loss', subject: path }, [silence], nowMs);
  expect([at(9), at(10), at(19), at(20)]).toEqual([[], ['s'], ['s'], []]);
});
