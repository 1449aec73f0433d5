import { describe, expect, test } from 'vitest';
import { Groups } from './groups.ts';

const namesOf = (groups: Groups, nowMs: number): string[] => groups.expired(nowMs).map(({ group }) => group);

describe('groups', () => {
  test('are expired from their time on, until they are dropped', () => {
    const groups = new Groups();
    for (const [group, expiresAtMs] of [
      ['soon', 10],
      ['later', 20],
    ] as const) {
      groups.add(group, 'key');
      groups.setExpiry(group, expiresAtMs);
    }
    groups.add('never', 'key');
    expect(namesOf(groups, 9)).toEqual([]);
    expect(namesOf(groups, 10)).toEqual(['soon']);
    expect(groups.isExpired('soon', 10)).toBe(true);
    expect(namesOf(groups, 11)).toEqual(['soon']);
    groups.drop('soon');
    expect(namesOf(groups, 19)).toEqual([]);
    expect(namesOf(groups, 20)).toEqual(['later']);
  });

  test('are not expired when their time was moved', () => {
    const groups = new Groups();
    groups.add('group', 'key');
    groups.setExpiry('group', 10);
    groups.setExpiry('group', 30);
    expect(namesOf(groups, 20)).toEqual([]);
    expect(namesOf(groups, 30)).toEqual(['group']);
  });

  test('lose their time with their last key', () => {
    const groups = new Groups();
    groups.add('group', 'a');
    groups.add('group', 'b');
    groups.setExpiry('group', 10);
    expect(groups.remove('group', 'a')).toBe(false);
    expect(groups.remove('group', 'never')).toBe(false);
    expect(groups.remove('group', 'b')).toBe(true);
    groups.add('group', 'c');
    expect(groups.isExpired('group', 100)).toBe(false);
  });

  test('name the keys that go with them', () => {
    const groups = new Groups();
    groups.add('group', 'a');
    groups.add('group', 'b');
    groups.setExpiry('group', 10);
    expect(groups.expired(10)).toEqual([{ group: 'group', keys: new Set(['a', 'b']) }]);
  });
});
