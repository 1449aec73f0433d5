import type { Outcome } from '@netring/contract/result';
import { beforeEach, describe, expect, test } from 'vitest';
import { createDirectory } from '../membership/index.ts';
import { createPathBook } from './path-book.ts';
import { createPicture } from './picture.ts';
import { simulatedPicture, type Measured, type SimulatedPicture } from './simulated-picture.ts';

const nowMs = 1_000_000;

let directory: SimulatedPicture['directory'];
let picture: SimulatedPicture['picture'];
let member: SimulatedPicture['member'];
/** At this moment unless said otherwise. */
let saw: (source: string, target: string, outcome: Outcome, atMs?: number, measured?: Measured) => void;
beforeEach(() => {
  const simulated = simulatedPicture();
  ({ directory, picture, member } = simulated);
  saw = (source, target, outcome, atMs = nowMs, measured) =>
    simulated.saw(source, target, outcome, atMs, measured);
});

const states = () =>
  Object.fromEntries(
    picture.locationPaths().map(({ source, target, state }) => [`${source}→${target}`, state]),
  );

describe('a location path', () => {
  test.each<[string, [Outcome, Outcome], string, string[]]>([
    ['ok when all its paths are', ['ok', 'ok'], 'ok', []],
    [
      'down when all its paths are',
      ['timeout', 'timeout'],
      'down',
      ['2 of 2 member paths are down', 'TCP connect timed out'],
    ],
    [
      'degraded when some are down',
      ['ok', 'timeout'],
      'degraded',
      ['1 of 2 member paths are down', 'TCP connect timed out'],
    ],
    [
      'ok when a far end refuses',
      ['ok', 'refused'],
      'ok',
      ['TCP connect was refused: the path is up, nothing listens there'],
    ],
    [
      'unknown when nothing was measured',
      ['void', 'void'],
      'unknown',
      ['not measured yet: its prober was unfit, what it found is void'],
    ],
    [
      'down when one is and the other is not known',
      ['timeout', 'void'],
      'down',
      ['1 of 1 member paths are down', 'TCP connect timed out'],
    ],
  ])('is %s', (_, [one, two], state, reasons) => {
    for (const [id, location] of [
      ['a1', 'a'],
      ['b1', 'b'],
      ['b2', 'b'],
    ] as const)
      member(id, location);
    saw('a1', 'b1', one);
    saw('a1', 'b2', two);
    picture.refresh(nowMs);
    const path = picture.locationPaths().find(({ source, target }) => source === 'a' && target === 'b');
    expect(path).toMatchObject({ state, reasons });
  });

  test('has members of one location among themselves, and both directions apart', () => {
    for (const [id, location] of [
      ['a1', 'a'],
      ['a2', 'a'],
      ['b1', 'b'],
    ] as const)
      member(id, location);
    saw('a1', 'b1', 'timeout');
    saw('b1', 'a1', 'ok');
    saw('a1', 'a2', 'ok');
    picture.refresh(nowMs);
    expect(states()).toEqual({ 'a→a': 'ok', 'a→b': 'down', 'b→a': 'ok' });
  });

  test('counts what nobody may probe as unproved, never as red', () => {
    member('a1', 'a');
    member('b1', 'b', { proof: undefined });
    saw('a1', 'b1', 'timeout');
    picture.refresh(nowMs);
    const path = picture.locationPaths().find(({ source }) => source === 'a');
    expect(path).toMatchObject({ state: 'unknown', paths: { down: 0, unproved: 1 } });
    expect(path?.reasons[0]).toMatch(/^unproved: /);
    expect(picture.memberPath('a1', 'b1', nowMs)).toMatchObject({ state: 'unknown', proved: false });
  });

  test('to an external target is apart from one to a location of that name', () => {
    member('a1', 'a', { external_targets: [{ name: 'b', kind: 'tcp', address: 'b:1' }] });
    member('b1', 'b');
    saw('a1', 'external:b', 'timeout');
    saw('a1', 'b1', 'ok');
    picture.refresh(nowMs);
    const kinds = picture.locationPaths().filter(({ source }) => source === 'a');
    expect(kinds.map(({ target_kind, state }) => [target_kind, state]).sort()).toEqual([
      ['external', 'down'],
      ['member', 'ok'],
    ]);
  });

  test('says since when it is so, once that was seen to begin', () => {
    member('a1', 'a');
    member('b1', 'b');
    const since = () => picture.locationPaths().find(({ source }) => source === 'a')?.since_ms;
    saw('a1', 'b1', 'ok');
    picture.refresh(nowMs);
    expect(since()).toBeUndefined();
    saw('a1', 'b1', 'timeout', nowMs + 5_000);
    picture.refresh(nowMs + 5_000);
    expect(since()).toBe(nowMs + 5_000);
    picture.refresh(nowMs + 9_000);
    expect(since()).toBe(nowMs + 5_000);
  });

  test('is unknown when its results are old, with their age', () => {
    member('a1', 'a');
    member('b1', 'b');
    saw('a1', 'b1', 'ok');
    picture.refresh(nowMs + 25_000);
    expect(states()['a→b']).toBe('ok');
    picture.refresh(nowMs + 27_001);
    expect(states()['a→b']).toBe('unknown');
    expect(picture.memberPath('a1', 'b1', nowMs + 27_001)?.reasons).toEqual(['no measurement for 27 s']);
  });

  test('is not degraded by losses from before its recovery', () => {
    member('a1', 'a');
    member('b1', 'b');
    saw('a1', 'b1', 'timeout', nowMs, { sent: 4, lost: 4 });
    picture.refresh(nowMs);
    saw('a1', 'b1', 'ok', nowMs + 10_000);
    picture.refresh(nowMs + 10_000);
    expect(states()['a→b']).toBe('ok');
  });
});

describe('the picture', () => {
  test('tells what changed, once', () => {
    member('a1', 'a');
    member('b1', 'b');
    expect(picture.refresh(nowMs).changed).toHaveLength(2);
    expect(picture.refresh(nowMs).changed).toEqual([]);
    saw('a1', 'b1', 'ok');
    expect(picture.refresh(nowMs).changed.map(({ source, state }) => [source, state])).toEqual([['a', 'ok']]);
  });

  test.each([
    ['', () => undefined],
    [', also when somebody asked for paths in between', () => picture.memberPaths({}, nowMs)],
  ])('tells which location paths are gone%s', (_, between) => {
    member('a1', 'a');
    member('b1', 'b');
    picture.refresh(nowMs);
    member('b1', 'b', { deregistered_at_ms: nowMs });
    between();
    const { removed } = picture.refresh(nowMs);
    expect(removed).toEqual([
      { source: 'a', target: 'b', target_kind: 'member' },
      { source: 'b', target: 'a', target_kind: 'member' },
    ]);
    expect(picture.locationPaths()).toEqual([]);
  });

  test('is in the same order, in whatever order its members came', () => {
    for (const id of ['c', 'a', 'b']) member(id, `at-${id}`);
    picture.refresh(nowMs);
    const one = picture.locationPaths();
    const other = createDirectory(300_000, true);
    for (const { record } of [...directory.all()].reverse())
      void other.apply([{ kind: 'member', record } as never], undefined as never);
    const again = createPicture(other, createPathBook(), true);
    again.refresh(nowMs);
    expect(again.locationPaths()).toEqual(one);
  });

  test('knows how much of what is planned was measured, and how old the oldest is', () => {
    for (const id of ['a', 'b', 'c']) member(id, `at-${id}`);
    saw('a', 'b', 'ok');
    saw('b', 'a', 'timeout', nowMs - 4_000);
    picture.refresh(nowMs);
    expect(picture.coverage(nowMs)).toEqual({ planned: 6, measured: 2, oldest_age_ms: 4_000 });
  });

  test('says what the others see of a member: reached when it answered one of them itself', () => {
    for (const id of ['a', 'b', 'c', 'd', 'e']) member(id, `at-${id}`);
    saw('a', 'b', 'timeout');
    saw('c', 'b', 'ok');
    saw('a', 'c', 'timeout');
    saw('a', 'd', 'refused');
    // The kernel of its host.
    saw('a', 'd', 'ok', nowMs, { kind: 'icmp' });
    picture.refresh(nowMs);
    expect(['b', 'c', 'd', 'e'].map((id) => picture.heard(id).peers)).toEqual([
      'reachable',
      'unreachable',
      'unreachable',
      'unknown',
    ]);
  });

  test('filters member paths by location', () => {
    for (const id of ['a', 'b', 'c']) member(id, `at-${id}`);
    picture.refresh(nowMs);
    const found = (filter: { source?: string; target?: string }) =>
      picture.memberPaths(filter, nowMs).map(({ source, target }) => `${source}${target}`);
    expect(found({ source: 'at-a' })).toEqual(['ab', 'ac']);
    expect(found({ source: 'at-a', target: 'at-c' })).toEqual(['ac']);
    expect(found({ target: 'nowhere' })).toEqual([]);
    expect(picture.memberPath('a', 'nobody', nowMs)).toBeUndefined();
  });
});
