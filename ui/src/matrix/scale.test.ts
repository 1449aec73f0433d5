import { expect, test } from 'vitest';
import { exampleNowMs as now, examplePath, threeLocations } from '../example/example-ring.ts';
import { rollMatrix } from './roll.ts';
import { colourMatrix, usualOf, type Scale } from './scale.ts';

const timed = (p50_ms: number, state: 'ok' | 'degraded' = 'ok') =>
  examplePath('us1', 'eu1', {
    state,
    checks: [{ kind: 'tcp', state, p50_ms, sent: 12, lost: 0, at_ms: now }],
  });
const usual = (median_ms: number): Scale => ({
  kind: 'usual',
  usual: usualOf({
    now_ms: now,
    baselines: [
      {
        source: 'us1',
        target: 'eu1',
        target_kind: 'member',
        kind: 'tcp',
        median_ms,
        spread_ms: median_ms / 50,
      },
    ],
  }),
});
const absolute: Scale = { kind: 'absolute' };

/** Step and note of us1 to eu1. */
function coloured(ms: number, scale: Scale, state: 'ok' | 'degraded' = 'ok') {
  const matrix = rollMatrix(threeLocations({ 'us1 eu1': timed(ms, state) }), 'tcp', now, () => false);
  const row = colourMatrix(matrix, scale).rows.find(({ name }) => name === 'us1');
  const cell = row?.cells.find(({ path }) => path?.target === 'eu1');
  return [cell?.step, cell?.note];
}

test.for([
  [0.4, absolute, 0, ''],
  [5, absolute, 1, ''],
  [74.9, absolute, 2, ''],
  [149, absolute, 3, ''],
  [150, absolute, 4, ''],
  [88, usual(80), 0, ''],
  [98, usual(80), 1, '+23 %'],
  [110, usual(80), 2, '+38 %'],
  [150, usual(80), 3, '+88 %'],
  [400, usual(80), 4, '+400 %'],
  [60, usual(80), 0, ''],
  // Two milliseconds are nothing, whatever their share.
  [2.1, usual(0.2), 0, ''],
] as const)('%d ms by %j: step %d %s', ([ms, scale, step, note]) => {
  expect(coloured(ms, scale)).toEqual([step, note]);
});

test('what is wrong keeps the colour of its state; where nothing is usual, nothing is coloured', () => {
  expect(coloured(400, absolute, 'degraded')[0]).toBeUndefined();
  expect(coloured(400, { kind: 'usual', usual: new Map() })[0]).toBeUndefined();
});

test('what has not changed stays the same object', () => {
  const matrix = rollMatrix(threeLocations(), 'all', now, () => false);
  expect(colourMatrix(matrix, undefined)).toBe(matrix);
  const [one, other] = [colourMatrix(matrix, absolute), colourMatrix(matrix, absolute)];
  expect(one.rows.every((row, at) => row === other.rows[at])).toBe(true);
});
