import { beforeEach, describe, expect, test } from 'vitest';
import { simulatedPicture } from './simulated-picture.ts';

let { book, picture, member, saw } = simulatedPicture();
beforeEach(() => {
  ({ book, picture, member, saw } = simulatedPicture());
});

describe('the picture of a ring above the full mesh', () => {
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
    expect(picture.pairsOf(source, rotating)).toEqual([{ source, target: rotating, planned: false }]);
    expect(picture.pairsOf(source, 'nobody')).toEqual([]);
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
