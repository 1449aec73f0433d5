import { expect, test } from 'vitest';
import { exampleAlert } from '../example/example-alerts.ts';
import { exampleNowMs as now } from '../example/example-ring.ts';
import { alertGroups } from './alert-list.ts';

test('alerts by state, the worst first, silenced ones last, resolved ones the newest first', () => {
  const groups = alertGroups([
    exampleAlert('quiet', { severity: 'critical', silenced_by: ['s'] }),
    exampleAlert('info', { severity: 'info' }),
    exampleAlert('worst', { severity: 'critical' }),
    exampleAlert('soon', { state: 'pending' }),
    exampleAlert('past', { state: 'resolved', resolved_at_ms: now - 5_000 }),
    exampleAlert('latest', { state: 'resolved', resolved_at_ms: now - 1_000 }),
  ]);
  expect(groups.map(({ state, alerts }) => [state, alerts.map(({ id }) => id)])).toEqual([
    ['firing', ['worst', 'info', 'quiet']],
    ['pending', ['soon']],
    ['resolved', ['latest', 'past']],
  ]);
});
