import { expect, test } from 'vitest';
import { simulatedPicture } from './simulated-picture.ts';

test('a picture that begins after an outage, as after a restart, knows that its minute was not well', () => {
  const minuteMs = 60_000;
  const { member, saw, picture } = simulatedPicture();
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
