import { expect, test } from 'vitest';
import { exampleDependency } from '../example/example-graph.ts';
import { dependencyTone, hasErrors, isTroubled, pathTone, worstFirst } from './trouble.ts';

type But = Parameters<typeof exampleDependency>[2];
const one = (but: But) => exampleDependency('us1/a', 'us1/b', but);
const path = (
  kind: 'member' | 'location' | 'local' | 'none',
  state: 'ok' | 'degraded' | 'down' | 'unknown',
) => ({
  path: { kind, state, reasons: [] },
});
const blamed = (verdict: 'network' | 'application' | 'both' | 'none' | 'unknown') => ({
  blame: { verdict, reasons: [] },
});

test.for([
  [{ health: 'healthy' }, 'ok'],
  [{ health: 'unknown' }, 'unknown'],
  [{ health: 'slow' }, 'warn'],
  [{ health: 'failing', ...blamed('network') }, 'bad'],
  [{ health: 'healthy', ...blamed('both') }, 'warn'],
  [{ health: 'unknown', ...blamed('application') }, 'warn'],
  [{ health: 'healthy', ...blamed('unknown') }, 'ok'],
] as [But, string][])('a dependency with %j is %s', ([but, tone]) => {
  expect(dependencyTone(one(but))).toBe(tone);
});

test.for([
  [path('member', 'ok'), 'ok', false],
  [path('location', 'degraded'), 'warn', true],
  [path('member', 'down'), 'bad', true],
  [path('member', 'unknown'), 'unknown', false],
  [path('none', 'unknown'), 'unknown', false],
  [path('local', 'ok'), undefined, false],
] as const)('%j is drawn as %s; to look at: %s', ([but, tone, troubled]) => {
  expect([pathTone(one(but)), isTroubled(one(but))]).toEqual([tone, troubled]);
});

test('what is gone troubles nobody', () => {
  expect(isTroubled(one({ activity: 'gone', health: 'failing' }))).toBe(false);
});

test('a client’s own mistakes are no errors', () => {
  expect(hasErrors(one({ client_errors: 9, client_gone: 3 }))).toBe(false);
  expect(hasErrors(one({ server_errors: 1 }))).toBe(true);
  expect(hasErrors(one({ transport_failures: 1 }))).toBe(true);
});

test('the worst come first, then the busiest, what is gone last', () => {
  const rows = [
    one({ id: 'gone', activity: 'gone', health: 'failing' }),
    one({ id: 'quiet', request_count: 1 }),
    one({ id: 'busy', request_count: 9_000 }),
    one({ id: 'unknown', health: 'unknown' }),
    one({ id: 'path down', ...path('member', 'down') }),
    one({ id: 'failing', health: 'failing' }),
    one({ id: 'slow', health: 'slow' }),
  ];
  const order = worstFirst(rows).map(({ id }) => id);
  expect(order[0]).toBe('failing');
  expect(order.at(-1)).toBe('gone');
  for (const [first, then] of [
    ['failing', 'slow'],
    ['slow', 'busy'],
    ['path down', 'busy'],
    ['busy', 'quiet'],
    ['quiet', 'unknown'],
  ] as const)
    expect([first, then, order.indexOf(first) < order.indexOf(then)]).toEqual([first, then, true]);
});
