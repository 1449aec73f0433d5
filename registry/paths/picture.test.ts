import type { Outcome, Result } from '@netring/contract/result';
import { beforeEach, describe, expect, test } from 'vitest';
import { createDirectory, type Directory, type MemberRecord } from '../membership/index.ts';
import { createPathBook, type PathBook } from './path-book.ts';
import { createPicture, type Picture } from './picture.ts';

const nowMs = 1_000_000;

let directory: Directory;
let book: PathBook;
let picture: Picture;
beforeEach(() => {
  directory = createDirectory(300_000, true);
  book = createPathBook();
  picture = createPicture(directory, book, true);
});

function member(id: string, location: string, change: Partial<MemberRecord> = {}): void {
  const record: MemberRecord = {
    instance_id: id,
    location,
    ip: '192.0.2.1',
    port: 1,
    registered_at_ms: 0,
    heartbeat_interval_ms: 15_000,
    check_interval_ms: 5_000,
    external_targets: [],
    registered_from: '192.0.2.1',
    proof: { instance_id: id, ip: '192.0.2.1', port: 1, nonce: '', mac: '' },
    ...change,
  };
  void directory.apply([{ kind: 'member', record } as never], undefined as never);
}

let seq = 0;
function saw(
  source: string,
  target: string,
  outcome: Outcome,
  atMs = nowMs,
  { kind = 'tcp', ...more }: { failed?: number; sent?: number; lost?: number; kind?: 'tcp' | 'icmp' } = {},
): void {
  const time = {
    id: source,
    boot: 'b',
    n: Math.floor(atMs / 10_000),
    seq: seq++,
    startedMs: 0,
    sentMs: 2_000,
    receivedMs: atMs,
  };
  const totals = { target, checks: 1, failed: 0, voided: 0, sent: 1, lost: 0, latency: [100, 1], ...more };
  const last: Result =
    kind === 'tcp'
      ? { kind, outcome, ended_ms: 2_000 }
      : { kind, outcome, ended_ms: 2_000, sent: 1, received: 1 };
  book.take(time, { ...totals, last });
}

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

  test('that begins after an outage, as after a restart, knows that its minute was not well', () => {
    const minuteMs = 60_000;
    const startMs = 100 * minuteMs;
    const stateOf = (minute: number) =>
      [...picture.minute(startMs + minute * minuteMs)].map(({ source, state }) => [source, state]);
    for (const id of ['a', 'b', 'c']) member(id, `at-${id}`);
    saw('a', 'b', 'timeout', startMs + 40_000, { failed: 1, sent: 4, lost: 4 });
    saw('a', 'b', 'ok', startMs + 62_000);
    saw('b', 'a', 'ok', startMs + 42_000);
    saw('b', 'a', 'timeout', startMs + 70_000, { failed: 1, sent: 4, lost: 4 });
    saw('b', 'a', 'ok', startMs + 82_000);
    saw('c', 'a', 'ok', startMs + 42_000);
    saw('c', 'a', 'ok', startMs + 72_000);
    picture.refresh(startMs + 85_000);
    expect(stateOf(0)).toEqual([
      ['a', 'down'],
      ['b', 'ok'],
      ['c', 'ok'],
    ]);
    expect(stateOf(1)).toEqual([
      ['a', 'ok'],
      ['b', 'down'],
      ['c', 'ok'],
    ]);
    picture.refresh(startMs + 135_000);
    expect(stateOf(1)[1]).toEqual(['b', 'down']);
  });

  describe('of a ring above the full mesh', () => {
    const minuteMs = 60_000;
    const startMs = 100 * minuteMs;
    const planned = () => picture.pairsOf('site', 'site').filter((one) => one.planned);
    /** A path that the plan's rotating part has asked for. */
    const rotatingOf = (source: string) => {
      const fixed = new Set(
        planned()
          .filter((one) => one.source === source)
          .map(({ target }) => target),
      );
      return ids.find((id) => id !== source && !fixed.has(id)) as string;
    };
    const ids = Array.from({ length: 40 }, (_, n) => `m${n + 10}`);
    beforeEach(() => {
      for (const id of ids) member(id, 'site');
    });

    test('drops what the plan no longer asks for once it is old, and nothing else', () => {
      const { source, target: fixed } = planned()[0] as { source: string; target: string };
      const rotating = rotatingOf(source);
      saw(source, rotating, 'ok', startMs);
      saw(source, fixed, 'ok', startMs);
      saw(source, 'nobody', 'ok', startMs);
      for (let minute = 0; minute <= 15; minute++) picture.refresh(startMs + minute * minuteMs);
      expect(picture.memberPath(source, rotating, startMs)?.state).toBe('unknown');
      expect([...book.of(source).keys()].sort()).toEqual([fixed, rotating, 'nobody'].sort());
      for (let minute = 16; minute <= 21; minute++) picture.refresh(startMs + minute * minuteMs);
      expect([...book.of(source).keys()]).toEqual([fixed]);
      expect(picture.has(source, rotating)).toBe(false);
      expect(picture.has(source, fixed)).toBe(true);
    });

    test('keeps it as long as results of its member are fresh', () => {
      member(ids[0] as string, 'site', { check_interval_ms: 10 * minuteMs });
      const rotating = rotatingOf(ids[0] as string);
      saw(ids[0] as string, rotating, 'ok', startMs);
      picture.refresh(startMs + 26 * minuteMs);
      expect(picture.memberPath(ids[0] as string, rotating, startMs)?.state).toBe('ok');
    });

    test('names the paths of the plan first', () => {
      const [source] = ids as [string];
      saw(source, rotatingOf(source), 'ok', startMs);
      const pairs = picture.pairsOf('site', 'site');
      expect(pairs.filter((one) => !one.planned)).toHaveLength(1);
      expect(pairs.at(-1)?.planned).toBe(false);
    });
  });
});
